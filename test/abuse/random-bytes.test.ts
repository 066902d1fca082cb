/** Some of what `npm run fuzz -- --random 10000` sends. */
import { expect, inject, test } from 'vitest';
import { useStack } from '../fuzz/use-stack.ts';

await useStack(inject('awsEndpoint'), inject('outputs'));
const { proversStarted } = await import('../fuzz/memory.ts');
const { ENDPOINTS } = await import('../fuzz/random-bytes.ts');
const { sendRandomBytes } = await import('../fuzz/random-campaign.ts');

const EACH = 250;
const SEED = 1;

test('random bytes are refused at every endpoint, and nothing breaks over them', async () => {
  const violations: string[] = [];
  const outcomes = await sendRandomBytes(EACH, SEED, {
    sent: () => undefined,
    violated: async ({ method, path }, violation, number) => {
      violations.push(`${number}: ${method} ${path}: ${violation}`);
    },
  });
  expect(violations).toEqual([]);
  expect(proversStarted()).toBeLessThanOrEqual(1);
  const asked = new Set([...outcomes.keys()].map((cameTo) => cameTo.slice(0, cameTo.lastIndexOf(':'))));
  expect(asked).toEqual(new Set(ENDPOINTS));
  // What takes a body took none of these for one.
  const taken = [...outcomes.keys()].filter((cameTo) => /^POST .*: 2\d\d/.test(cameTo));
  expect(taken).toEqual([]);
});

import './scratch.ts';
import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { KeyLimits } from '../../core/access/key-limits.ts';
import { rowOfTenant } from '../../core/access/tenant.ts';
import { tableName } from '../../core/config.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { rowsIn, table } from '../../core/store/table.ts';

const clock = vi.hoisted(() => ({ now: new Date(0) }));
vi.mock('../../core/clock.ts', async (original) => ({
  ...(await original<typeof import('../../core/clock.ts')>()),
  currentTime: () => clock.now,
}));

const ANY: KeyLimits = { perMinute: 0, perDay: 0 };
const AT_ONCE = 50;

let tenant: string;
beforeEach(() => {
  tenant = `t${randomUUID()}`;
  clock.now = new Date('2026-11-22T23:58:20.500Z');
  // Room for all of them.
  process.env.LANES = JSON.stringify({ lanes: { small: { capacity: 0 } } });
});
afterEach(() => {
  delete process.env.LANES;
});

const submit = (apiKey: string, keyLimits: KeyLimits) =>
  admitJob({ tenant, apiKey, keyLimits, operation: 'prove', circuit: 'c', k: 6, witness: new Uint8Array(8) });

/** How many of so many at once are taken, and why the others are not. */
async function submitAtOnce(count: number, apiKey: string, keyLimits: KeyLimits) {
  const outcomes = await Promise.allSettled(Array.from({ length: count }, () => submit(apiKey, keyLimits)));
  const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  return { taken: count - refusals.length, refusals };
}

test.each([
  { name: 'perMinute', limits: { ...ANY, perMinute: 17 }, comeBackAfter: 40 },
  { name: 'perDay', limits: { ...ANY, perDay: 17 }, comeBackAfter: 100 },
])('an API key has its limit $name, to the job, however many come at once', async ({ name, limits, comeBackAfter }) => {
  const key = randomUUID();
  const { taken, refusals } = await submitAtOnce(AT_ONCE, key, limits);
  expect(taken).toBe(17);
  expect(new Set(refusals.map(({ message }) => message))).toEqual(
    new Set([expect.stringContaining(`The limit ${name} of this API key is reached: 17 jobs since`)]),
  );
  for (const refusal of refusals)
    expect(refusal).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: comeBackAfter });
});

test('a limit that is spread over items is had to the job, too', async () => {
  const { taken } = await submitAtOnce(230, randomUUID(), { ...ANY, perDay: 210 });
  expect(taken).toBe(210);
});

test('what is refused leaves nothing', async () => {
  const key = randomUUID();
  const limits = { ...ANY, perMinute: 1 };
  await submit(key, limits);
  const before = await rowsIn(`TENANT#${tenant}`);
  await expect(submit(key, limits)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(await rowsIn(`TENANT#${tenant}`)).toEqual(before);
});

test('the next minute has room again, and so has the next day; the count before it runs out', async () => {
  const key = randomUUID();
  const limits = { perMinute: 2, perDay: 3 };
  expect((await submitAtOnce(4, key, limits)).taken).toBe(2);
  clock.now = new Date('2026-11-22T23:58:59.999Z');
  expect((await submitAtOnce(2, key, limits)).taken, 'the same minute').toBe(0);
  clock.now = new Date('2026-11-22T23:59:00.000Z');
  const nextMinute = await submitAtOnce(2, key, limits);
  expect(nextMinute.taken, 'as many as the day has left').toBe(1);
  expect(nextMinute.refusals).toMatchObject([{ message: expect.stringContaining('perDay'), retryAfterSeconds: 60 }]);
  clock.now = new Date('2026-11-23T00:00:00.000Z');
  expect((await submitAtOnce(4, key, limits)).taken).toBe(2);
  const counts = (await rowsIn(`TENANT#${tenant}`)).filter(({ SK }) => `${SK}`.startsWith('KEY#'));
  expect(counts.map(({ SK, jobs }) => `${SK}: ${jobs}`)).toEqual([
    `KEY#${key}#2026-11-22#0: 3`,
    `KEY#${key}#2026-11-22T23:58#0: 2`,
    `KEY#${key}#2026-11-22T23:59#0: 1`,
    `KEY#${key}#2026-11-23#0: 2`,
    `KEY#${key}#2026-11-23T00:00#0: 2`,
  ]);
  for (const { expiresAt } of counts) expect(expiresAt).toBeLessThan(Date.parse('2026-11-25') / 1000);
});

test('keys of one tenant have limits of their own, below those of the tenant', async () => {
  const limits = { inFlight: 0, perDay: 5 };
  const createdAt = clock.now.toISOString();
  await table.send(new PutCommand({ TableName: tableName(), Item: rowOfTenant({ id: tenant, createdAt, limits }) }));
  const [one, other] = [randomUUID(), randomUUID()];
  expect((await submitAtOnce(4, one, { ...ANY, perMinute: 3 })).taken).toBe(3);
  const { taken, refusals } = await submitAtOnce(4, other, { ...ANY, perMinute: 3 });
  expect(taken).toBe(2);
  expect(new Set(refusals.map(({ message }) => message))).toEqual(
    new Set(['The limit perDay is reached: 5 jobs since midnight UTC. Come back in 100 s.']),
  );
});

test('parts of a transaction are none of its key’s jobs', async () => {
  const key = randomUUID();
  const limits = { ...ANY, perMinute: 1 };
  await submit(key, limits);
  const part = { tenant, apiKey: key, keyLimits: limits, parent: randomUUID(), operation: 'prove' } as const;
  await expect(admitJob({ ...part, circuit: 'c', k: 6, witness: new Uint8Array(8) })).resolves.toBeDefined();
});

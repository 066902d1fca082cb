import '../integration/scratch.ts';
import { readFile } from 'node:fs/promises';
import { createProvingPayload } from '@midnight-ntwrk/ledger-v8';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { inlinedArtifact } from '../../core/circuits/inlined.ts';
import { drainSeconds } from '../../core/jobs/drain.ts';
import { keyedDigest } from '../../core/jobs/keyed-digest.ts';
import { laneOf } from '../../core/jobs/lane-of.ts';
import { INLINED_KEYS_PREFIX, objectsUnder } from '../../core/store/objects.ts';
import { binaryIr } from '../generator/circuits.ts';
import { generateRequest } from '../generator/generate.ts';
import { keyFiles } from '../generator/keys.ts';
import { ask } from '../stack/ask.ts';
import { SMALL } from '../stack/proof-jobs.ts';
import { contentsOf } from './contents.ts';
import { duration, figure } from './figure.ts';
import { scratchDeployment } from './scratch-deployment.ts';

const preimage = await readFile('test/data/preimages/dust-spend.preimage.bin', 'base64');
const FORM = { circuit: 'midnight/dust/spend', preimage };
const REQUESTS = 20;
/** While the test goes on, time passes. */
const TOLERATED_SECONDS = 5;
const deployment = scratchDeployment();

// Whoever comes first draws the deployment's key, which is kept.
beforeAll(() => keyedDigest('any'));

afterEach(() => {
  delete process.env.LANES;
  delete process.env.TENANT_LIMITS;
});

/** Each with an idempotency key of its own, all at once. */
const submitAll = (keys: string[], body: object) =>
  Promise.all(keys.map((key) => ask('POST', '/v1/jobs', { body, headers: { 'Idempotency-Key': `refused ${key}` } })));

/** Fills up what there is room for, then expects further requests to be refused and to leave nothing. */
async function expectRefusalsToLeaveNothing(
  code: string,
  detail: RegExp,
  body: object = FORM,
): Promise<{ ms: number; retryAfter: number }> {
  while ((await ask('POST', '/v1/jobs', { body: FORM })).status === 202);
  const before = await contentsOf(deployment);
  const begun = performance.now();
  const answers = await submitAll(
    Array.from({ length: REQUESTS }, (_, n) => `${code} ${n}`),
    body,
  );
  const ms = performance.now() - begun;
  for (const answer of answers)
    expect(answer).toMatchObject({ status: 429, body: { code, detail: expect.stringMatching(detail) } });
  const retryAfter = Math.min(...answers.map(({ headers }) => Number(headers['retry-after'])));
  expect(retryAfter).toBeGreaterThan(0);
  expect(before.rows.length).toBeGreaterThan(0);
  expect(await contentsOf(deployment)).toEqual(before);
  return { ms, retryAfter };
}

test('14: a full queue refuses, and leaves no row, object or message', async () => {
  process.env.LANES = JSON.stringify({ lanes: { medium: { maxConcurrency: 2, capacity: 3 } } });
  const { ms, retryAfter } = await expectRefusalsToLeaveNothing('QUEUE_FULL', /Lane medium is full\./);
  figure(14, { refused: REQUESTS, left: 0, 'in all': duration(ms), 'Retry-After': `${retryAfter} s` });
});

const secondsToDrain = () => drainSeconds({ operation: 'prove', lane: 'medium', k: 13 }, laneOf({ lane: 'medium' }));
/** Of the day as UTC has it. */
const secondsToMidnight = () => (new Date().setUTCHours(24, 0, 0, 0) - Date.now()) / 1000;

test.each([
  { limit: 'inFlight', most: 8, comeBackAfter: secondsToDrain },
  { limit: 'perDay', most: 4, comeBackAfter: secondsToMidnight },
])('14: a tenant at its limit $limit is refused alike', async ({ limit, most, comeBackAfter }) => {
  process.env.TENANT_LIMITS = JSON.stringify({ [limit]: most });
  const refusal = new RegExp(`The limit ${limit} is reached: ${most} jobs `);
  const { ms, retryAfter } = await expectRefusalsToLeaveNothing('RATE_LIMITED', refusal);
  expect(Math.abs(retryAfter - comeBackAfter())).toBeLessThan(TOLERATED_SECONDS);
  figure(14, { tenant: LOCAL_TENANT, limit, refused: REQUESTS, left: 0, 'in all': duration(ms) });
});

test('14: keys that come with a refused request are not stored either', async () => {
  process.env.TENANT_LIMITS = JSON.stringify({ inFlight: 12 });
  const [request, { prover, verifier }] = await Promise.all([generateRequest(SMALL), keyFiles(SMALL)]);
  const [proverKey, verifierKey] = await Promise.all([readFile(prover), readFile(verifier)]);
  const keys = { ir: binaryIr(SMALL), proverKey, verifierKey };
  const body = createProvingPayload(request.preimage, request.bindingInput, keys);
  await expectRefusalsToLeaveNothing('RATE_LIMITED', /The limit inFlight is reached/, body);

  delete process.env.TENANT_LIMITS;
  expect(await ask('POST', '/v1/jobs', { body })).toMatchObject({ status: 202 });
  const stored = [keys.ir, proverKey, verifierKey].map((bytes) => inlinedArtifact(bytes).object);
  expect(await objectsUnder(INLINED_KEYS_PREFIX)).toEqual(stored.sort());
});

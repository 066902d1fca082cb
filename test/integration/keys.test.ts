import './scratch.ts';
import { readFile, rm } from 'node:fs/promises';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { type BuiltInCircuit, builtInCircuit } from '../../core/circuits/builtin.ts';
import { knownCircuit } from '../../core/contracts/known-circuit.ts';
import { registerContract } from '../../core/contracts/register.ts';
import { contractView } from '../../core/contracts/view.ts';
import { NightshiftError } from '../../core/errors.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { type Job, readJob } from '../../core/jobs/job.ts';
import { leaveKeys, requestKeys, sendKeys, takeKeys } from '../../core/keys/build.ts';
import { readKeys } from '../../core/keys/keys.ts';
import { openKeys } from '../../core/keys/open-keys.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { objectOf, putObject } from '../../core/store/objects.ts';
import { enqueueKeys } from '../../core/store/queues.ts';
import { bringKeys } from '../../functions/prefetch/bring-keys.ts';
import { handler as prefetch } from '../../functions/prefetch/index.ts';
import { handler as prove } from '../../functions/prove/index.ts';
import { handler as settle } from '../../functions/settle/index.ts';
import { mendKeys } from '../../functions/sweep/mend-keys.ts';
import { distinctCircuit as zkir } from '../generator/distinct-circuit.ts';
import { deliver, discard, hasMessage, receive } from '../stack/deliver.ts';

const preimage = await readFile('test/data/preimages/fallible-count.preimage.bin');
const queueUrls = process.env.QUEUE_URLS;
const HOUR_MS = 3600 * 1000;
const CONTEXT = { getRemainingTimeInMillis: () => 100_000 } as Context;

const register = async (program: Buffer) =>
  registerContract(
    LOCAL_TENANT,
    [{ name: 'count', zkir: async () => program }],
    'midnight',
    new AbortController().signal,
  );
const stateOf = async (contract: string) => (await contractView(contract)).state;
const keysOf = async (contract: string) => {
  const { keys } = await knownCircuit('count', contract);
  return keys?.id as string;
};

async function submit(contract: string): Promise<Job> {
  const known = await knownCircuit('count', contract);
  return admitJob({ tenant: LOCAL_TENANT, operation: 'prove', witness: preimage, ...known });
}

beforeEach(() => {
  process.env.QUEUE_URLS = queueUrls;
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => nativeProver().stop());

describe('a job whose circuit is still being built', () => {
  test('waits for its keys, and is proved once they are there', async () => {
    const contract = await register(await zkir());
    const job = await submit(contract);
    expect(await deliver('small', prove)).toMatchObject({ message: { jobId: job.id }, became: 'deleted' });
    expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({ state: 'queued', attempts: 0 });
    expect(await hasMessage('small')).toBe(false);

    expect(await deliver('keys', prefetch)).toMatchObject({ group: await keysOf(contract), became: 'deleted' });
    expect(await stateOf(contract)).toBe('ready');
    const letGo = { message: { jobId: job.id }, group: LOCAL_TENANT, became: 'deleted' };
    expect(await deliver('small', prove)).toMatchObject(letGo);
    expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({ state: 'succeeded', attempts: 1 });
  });

  test('fails as the building fails', async () => {
    const contract = await register(await zkir());
    await putObject(objectOf.key(await keysOf(contract), 'zkir'), Buffer.from('junk'));
    const job = await submit(contract);
    await deliver('small', prove);
    await deliver('keys', prefetch);
    await deliver('small', prove);
    const error = { code: 'INVALID_CIRCUIT', message: expect.stringContaining('Register the contract again') };
    expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({ state: 'failed', error });
    expect((await contractView(contract)).circuits.count).toMatchObject({ state: 'failed', error });
  });

  test('fails once the building is given up', async () => {
    const contract = await register(await zkir());
    const job = await submit(contract);
    await deliver('small', prove);
    expect(await deliver('keys', settle)).toMatchObject({ became: 'deleted' });
    await deliver('small', prove);
    expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({
      state: 'failed',
      error: { code: 'PARAMS_UNAVAILABLE' },
    });
  });
});

describe('a registration that broke off before its messages were out', () => {
  /** As a crash, or a queue that is away, leaves it. */
  async function brokenOff(program: Buffer): Promise<void> {
    process.env.QUEUE_URLS = '{}';
    await expect(register(program)).rejects.toThrow('no queue');
    process.env.QUEUE_URLS = queueUrls;
  }

  test('is finished by registering again', async () => {
    const program = await zkir();
    await brokenOff(program);
    const contract = await register(program);
    await deliver('keys', prefetch);
    expect(await stateOf(contract)).toBe('ready');
  });

  test('is finished by sweep', async () => {
    const program = await zkir();
    await brokenOff(program);
    const outcomes: string[] = [];
    for await (const keys of openKeys()) outcomes.push(await mendKeys(keys, new Date()));
    expect(outcomes).toEqual(['left']);
    for await (const keys of openKeys()) outcomes.push(await mendKeys(keys, new Date(Date.now() + HOUR_MS)));
    expect(outcomes).toEqual(['left', 'enqueued']);
    await deliver('keys', prefetch);
    for await (const keys of openKeys()) expect(keys).toBe('none is left open');
  });
});

test('keys that S3 holds wrong are derived anew, and the job that met them is proved', async () => {
  const contract = await register(await zkir());
  await deliver('keys', prefetch);
  await putObject(objectOf.key(await keysOf(contract), 'prover'), Buffer.from('junk'));
  const job = await submit(contract);
  expect(await deliver('small', prove)).toMatchObject({ became: 'left' });
  expect(await stateOf(contract)).toBe('building');
  // Delivered again: now it waits.
  expect(await deliver('small', prove)).toMatchObject({ message: { jobId: job.id }, became: 'deleted' });
  for await (const keys of openKeys()) await mendKeys(keys, new Date(Date.now() + HOUR_MS));
  await deliver('keys', prefetch);
  expect(await deliver('small', prove)).toMatchObject({ message: { jobId: job.id }, became: 'deleted' });
  expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({ state: 'succeeded' });
});

test('two that register the same contract at once come to the same one, and its keys are derived once', async () => {
  const program = await zkir();
  const [one, other] = await Promise.all([register(program), register(program)]);
  expect(one).toBe(other);
  const keygens = vi.spyOn(nativeProver(), 'ask');
  // Its messages, however many, to as many functions at once.
  const deliveries = [deliver('keys', prefetch)];
  while (await hasMessage('keys')) deliveries.push(deliver('keys', prefetch));
  await Promise.all(deliveries);
  expect(await stateOf(one)).toBe('ready');
  expect(keygens.mock.calls.filter(([operation]) => operation === 'keygen')).toHaveLength(1);
});

test('keys with a prover key of their own have a long id, and a group that SQS takes', async () => {
  await enqueueKeys('a'.repeat(3 * 64 + 2));
  expect(await deliver('keys', prefetch)).toMatchObject({ group: 'a'.repeat(128), became: 'deleted' });
});

test('a message delivered twice derives once', async () => {
  const contract = await register(await zkir());
  const id = await keysOf(contract);
  await sendKeys(id);
  const keygens = vi.spyOn(nativeProver(), 'ask');
  await Promise.all([deliver('keys', prefetch), deliver('keys', prefetch)]);
  expect(await stateOf(contract)).toBe('ready');
  expect(keygens.mock.calls.filter(([operation]) => operation === 'keygen')).toHaveLength(1);
});

describe('keys that somebody is at', () => {
  const holdFor = async (message: string) => {
    const keysId = await keysOf(await register(await zkir()));
    const record = await receive('keys');
    const holder = { holder: 'another attempt', message: message || record.messageId };
    expect(await takeKeys(keysId, holder)).toBe(true);
    const { batchItemFailures } = (await prefetch({ Records: [record] }, CONTEXT)) as SQSBatchResponse;
    await leaveKeys(keysId, holder);
    // On a slow machine it would be back before the last test is over.
    await discard('keys', record);
    return { keysId, isLeft: batchItemFailures.length > 0 };
  };

  test('are left to them: another message of them has nothing left to do', async () => {
    expect(await holdFor('another message')).toMatchObject({ isLeft: false });
  });

  test('keep the message that they were taken by: it comes back if whoever is at them dies', async () => {
    const { keysId, isLeft } = await holdFor('');
    expect(isLeft).toBe(true);
    await sendKeys(keysId);
    expect(await deliver('keys', prefetch)).toMatchObject({ became: 'deleted' });
    expect(await readKeys(keysId)).toMatchObject({ state: 'ready' });
  });
});

test('a job that waits for a built-in circuit is let go once its keys are there', async () => {
  const output = builtInCircuit('midnight/dust/spend') as BuiltInCircuit;
  const source = { id: output.keysId, parameters: 'midnight' as const, zkir: { sha256: output.keysId, bytes: 1 } };
  await requestKeys(source);
  const witness = await readFile('test/data/preimages/dust-spend.preimage.bin');
  const known = await knownCircuit(output.name);
  const job = await admitJob({ tenant: LOCAL_TENANT, operation: 'prove', witness, ...known });
  await deliver('medium', prove);
  expect(await hasMessage('medium')).toBe(false);
  process.env.LAMBDA_TASK_ROOT = 'layers/prover/assets';
  expect(await bringKeys(output, 100_000)).toBe('made');
  await deliver('medium', prove);
  expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({ state: 'succeeded' });
});

test('keys over which every function dies are given up by sweep, and with them the jobs that wait', async () => {
  const contract = await register(await zkir());
  const job = await submit(contract);
  await deliver('small', prove);
  for await (const keys of openKeys()) expect(await mendKeys(keys, new Date(Date.now() + 4 * HOUR_MS))).toBe('ended');
  expect(await stateOf(contract)).toBe('failed');
  await deliver('small', prove);
  expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({ state: 'failed', error: { code: 'PARAMS_UNAVAILABLE' } });
  // Its message is still there, and finds nothing to do.
  expect(await deliver('keys', prefetch)).toMatchObject({ became: 'deleted' });
});

describe('an attempt at deriving that fails for a reason of ours', () => {
  const broken = async () => {
    throw new NightshiftError('PROOF_GENERATION_FAILED', 'The prover ended unexpectedly.');
  };

  test('is repeated, and the second one succeeds', async () => {
    const contract = await register(await zkir());
    vi.spyOn(nativeProver(), 'ask').mockImplementationOnce(broken);
    expect(await deliver('keys', prefetch)).toMatchObject({ became: 'left' });
    expect(await stateOf(contract)).toBe('building');
    expect(await deliver('keys', prefetch)).toMatchObject({ became: 'deleted' });
    expect(await stateOf(contract)).toBe('ready');
  });
});

test('keys that failed are tried again when the contract is registered again', async () => {
  const program = await zkir();
  const contract = await register(program);
  await deliver('keys', settle);
  expect(await stateOf(contract)).toBe('failed');
  expect(await register(program)).toBe(contract);
  await deliver('keys', prefetch);
  expect(await stateOf(contract)).toBe('ready');
});

test('parameters that S3 holds wrong are brought anew', async () => {
  await putObject(objectOf.params(6), Buffer.from('junk'));
  await nativeProver().stop();
  await rm(process.env.ARTIFACT_DIR as string, { recursive: true, force: true });
  const contract = await register(await zkir());
  await deliver('keys', prefetch);
  expect(await stateOf(contract)).toBe('ready');
  const job = await submit(contract);
  await deliver('small', prove);
  expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({ state: 'succeeded' });
});

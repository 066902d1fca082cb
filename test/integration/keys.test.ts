import './scratch.ts';
import { readFile, rm } from 'node:fs/promises';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { knownCircuit } from '../../core/contracts/known-circuit.ts';
import { registerContract } from '../../core/contracts/register.ts';
import { contractView } from '../../core/contracts/view.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { type Job, LOCAL_TENANT, readJob } from '../../core/jobs/job.ts';
import { openKeys } from '../../core/keys/open-keys.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { objectOf, putObject } from '../../core/store/objects.ts';
import { handler as prefetch } from '../../functions/prefetch/index.ts';
import { handler as prove } from '../../functions/prove/index.ts';
import { handler as settle } from '../../functions/settle/index.ts';
import { mendKeys } from '../../functions/sweep/mend-keys.ts';
import { distinctCircuit as zkir } from '../generator/distinct-circuit.ts';
import { deliver, hasMessage } from '../stack/deliver.ts';

const preimage = await readFile('test/data/preimages/fallible-count.preimage.bin');
const queueUrls = process.env.QUEUE_URLS;
const HOUR_MS = 3600 * 1000;

const register = async (program: Buffer) =>
  registerContract([{ name: 'count', zkir: async () => program }], 'midnight', new AbortController().signal);
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
afterAll(() => nativeProver().stop());

describe('a job whose circuit is still being built', () => {
  test('waits for its keys, and is proved once they are there', async () => {
    const contract = await register(await zkir());
    const job = await submit(contract);
    expect(await deliver('small', prove)).toMatchObject({ message: { jobId: job.id }, became: 'deleted' });
    expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({ state: 'queued', attempts: 0 });
    expect(await hasMessage('small')).toBe(false);

    expect(await deliver('keys', prefetch)).toMatchObject({ became: 'deleted' });
    expect(await stateOf(contract)).toBe('ready');
    expect(await deliver('small', prove)).toMatchObject({ message: { jobId: job.id }, became: 'deleted' });
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
  await deliver('keys', prefetch);
  const first = await contractView(one);
  expect(first.state).toBe('ready');
  // A second message, if there is one, finds nothing to do.
  if (await hasMessage('keys')) await deliver('keys', prefetch);
  expect(await contractView(one)).toEqual(first);
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

/** Marked witnesses go every way that a witness can go. Afterwards all that is kept anywhere is searched for the marks. */
import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { createProvingPayload, createProvingTransactionPayload } from '@midnight-ntwrk/ledger-v8';
import { zkConfigToProvingKeyMaterial } from '@midnight-ntwrk/midnight-js-types';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { type Job, Nightshift, type ProofRequest } from '../../client/index.ts';
import { awsAt, closeAws } from '../../local/aws.ts';
import { output } from '../../local/deployment.ts';
import { STATE_ROOT } from '../../local/paths.ts';
import { readBacklog, setDelivery } from '../../local/stack-queues.ts';
import { said, start } from '../cli/run.ts';
import { MARKER, tellsMarker } from '../fuzz/marker.ts';
import { composableSet } from '../generator/calls/composable-inner.ts';
import { requestOf } from '../generator/calls/contract-call.ts';
import { unprovenCall } from '../generator/calls/unproven-call.ts';
import { irFile } from '../generator/circuits.ts';
import { ContractKeys, verifierFile } from '../generator/keys.ts';
import { pad } from '../generator/values.ts';
import { allThatIsKept } from '../stack/all-that-is-kept.ts';
import { setEnvironment } from '../stack/functions.ts';
import { proversOf } from '../stack/prover-child.ts';

const STATE = join(STATE_ROOT, 'test');
const CIRCUIT = 'composable-inner/set';
const SECRET_KEY = pad(32, MARKER);
const url = inject('baseUrl');
const outputs = inject('outputs');
const aws = awsAt(inject('awsEndpoint'));
const nightshift = new Nightshift({ url });

/** Proved in a second, and long enough at it to be killed. */
const call = () => composableSet(undefined, SECRET_KEY);
const request = async (changes: object = {}): Promise<ProofRequest> => {
  const { preimage, bindingInput } = await requestOf(call());
  return { circuit: 'set', contract, preimage, bindingInput, ...changes };
};
let contract: string;

const setLogLevel = (level: string) => setEnvironment(aws.lambda, { POWERTOOLS_LOG_LEVEL: level });

beforeAll(async () => {
  await setLogLevel('DEBUG');
  const zkir = await readFile(irFile(CIRCUIT), 'utf8');
  ({ id: contract } = await nightshift.push({ circuits: { set: { zkir } } }));
});
afterAll(async () => {
  await setDelivery(aws, true);
  await setLogLevel('INFO');
  closeAws(aws);
});

/** Where marks are. */
async function marksFound(): Promise<string[]> {
  const found: string[] = [];
  for await (const { where, content } of allThatIsKept(aws, inject('awsEndpoint'), STATE)) {
    if (tellsMarker(content)) found.push(where);
  }
  return found;
}

const post = (path: string, body: Uint8Array | string): Promise<Response> =>
  fetch(`${url}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : Uint8Array.from(body),
    headers: { 'content-type': typeof body === 'string' ? 'application/json' : 'application/octet-stream' },
  });

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

test('the search finds a mark wherever there is one', async () => {
  const Bucket = output(outputs, 'BucketName');
  const object = { Bucket, Key: `witness/${randomUUID()}` };
  const file = join(STATE, 'tmp', 'core.4711');
  const queue = output(outputs, 'DeadLetterQueueUrl');
  await setDelivery(aws, false);
  await aws.s3.send(new PutObjectCommand({ ...object, Body: Buffer.from(MARKER) }));
  await writeFile(file, Buffer.from(MARKER).toString('hex'));
  const MessageBody = JSON.stringify({ note: Buffer.from(MARKER).toString('base64') });
  await aws.sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody }));
  const found = await marksFound();
  expect(found).toContain(`object ${object.Key}`);
  expect(found).toContain('file tmp/core.4711');
  expect(found).toContainEqual(expect.stringMatching(/^message in Nightshift-DeadLetters/));
  await aws.s3.send(new DeleteObjectCommand(object));
  await rm(file);
  await aws.sqs.send(new PurgeQueueCommand({ QueueUrl: queue }));
  await setDelivery(aws, true);
  expect(await marksFound()).toEqual([]);
});

/** Proofs, refusals and what comes of requests that are no good. */
async function answered(): Promise<void> {
  const { preimage } = await request();
  const unsatisfying = { ...(await request()), circuit: 'midnight/dust/spend', contract: undefined };
  expect((await nightshift.prove(await request())).statement.length).toBeGreaterThan(0);
  await expect(nightshift.prove(unsatisfying)).rejects.toMatchObject({ code: 'INVALID_WITNESS' });
  expect((await post(`/contracts/${contract}/prove`, createProvingPayload(preimage, 1n))).status).toBe(200);
  const form = { circuit: 'set', contract, preimage: base64(preimage) };
  expect((await post('/v1/check', JSON.stringify(form))).status).toBe(200);
  // Marks where none belong, and bodies that end too early.
  for (const wrong of [
    { ...form, [MARKER]: MARKER },
    { ...form, circuit: MARKER },
    { ...form, labels: MARKER },
  ]) {
    expect((await post('/v1/jobs', JSON.stringify(wrong))).status).toBeGreaterThanOrEqual(400);
  }
  expect((await post('/v1/jobs', JSON.stringify(form).slice(0, -9))).status).toBe(400);
  expect((await post('/prove', createProvingPayload(preimage, undefined).subarray(0, -9))).status).toBe(400);
}

/** Each item a job, one of them refused. */
async function inBatch(): Promise<void> {
  const batch = await nightshift.submitBatch([await request(), await request({ circuit: 'nobody/knows' })]);
  await nightshift.waitBatch(batch);
}

async function inTransaction(): Promise<void> {
  const { transaction } = unprovenCall(call(), await readFile(await verifierFile(CIRCUIT)));
  const keys = zkConfigToProvingKeyMaterial(await new ContractKeys('composable-inner').get('set'));
  const body = createProvingTransactionPayload(transaction, new Map([['set', keys]]));
  expect((await post('/prove-tx', body)).status).toBe(200);
}

/** @returns what the proxy said. */
async function byProxy(): Promise<string> {
  const proxy = start(['proxy', url, '--port', '0', '--contract', contract, '--json']);
  const { url: address } = JSON.parse(await said(proxy.child.stdout, /\n/));
  const { preimage } = await request();
  const body = Uint8Array.from(createProvingPayload(preimage, 1n));
  expect((await fetch(`${address}/prove`, { method: 'POST', body })).status).toBe(200);
  proxy.child.kill('SIGINT');
  const { stdout, stderr } = await proxy.ended;
  return stdout + stderr;
}

/** @returns the provers, which got the signal once that job's proof had begun. */
async function signalAmidProof(job: Job, signal: NodeJS.Signals): Promise<number[]> {
  for await (const { state } of nightshift.progress(job)) if (state === 'proving') break;
  const provers = await proversOf(inject('awsEndpoint'));
  for (const pid of provers) process.kill(pid, signal);
  return provers;
}

/** The provers are killed amid the proof, so that they would dump what they had in memory. */
async function crashed(): Promise<void> {
  const job = await nightshift.submit(await request());
  await signalAmidProof(job, 'SIGABRT');
  expect((await nightshift.wait(job)).state).toBe('succeeded');
}

/** The deadline passes amid the proof, since the provers are held still until then. */
async function timedOut(): Promise<void> {
  const job = await nightshift.submit(await request({ deadlineSeconds: 10 }));
  const held = await signalAmidProof(job, 'SIGSTOP');
  const { error } = await nightshift.wait(job);
  const left = await proversOf(inject('awsEndpoint'));
  for (const pid of held.filter((pid) => left.includes(pid))) process.kill(pid, 'SIGCONT');
  expect(error?.code).toBe('TIMEOUT');
}

/** Jobs that are never worked at, looked at while they wait. */
async function leftWaiting(): Promise<void> {
  await setDelivery(aws, false);
  const cancelled = await nightshift.submit(await request());
  const late = await nightshift.submit(await request({ deadlineSeconds: 1 }));
  const dead = await nightshift.submit(await request());
  const MessageBody = JSON.stringify({ version: 1, jobId: dead.id });
  await aws.sqs.send(new SendMessageCommand({ QueueUrl: output(outputs, 'DeadLetterQueueUrl'), MessageBody }));
  expect(await marksFound()).toEqual([]);
  expect((await nightshift.cancel(cancelled.id)).state).toBe('cancelled');
  expect((await nightshift.wait(late)).error?.code).toBe('EXPIRED');
  // While the lane's message waits, settle alone can end it.
  const UUID = output(outputs, 'SettleEventSource');
  await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  expect((await nightshift.wait(dead)).state).toBe('failed');
  await setDelivery(aws, true);
}

test('no mark is found anywhere, whatever became of its witness', async () => {
  await answered();
  await inBatch();
  await inTransaction();
  expect(tellsMarker(await byProxy())).toBe(false);
  await crashed();
  // Once more if the proof was done before it was held.
  await vi.waitFor(timedOut, { timeout: 60_000 });
  await leftWaiting();
  // Other tests count what lies there.
  const deadLetters = [output(outputs, 'DeadLetterQueueUrl')];
  await vi.waitFor(async () => expect(await readBacklog(aws, deadLetters)).toEqual({ handedOut: 0, waiting: 0 }), {
    timeout: 30_000,
  });
  expect(await marksFound()).toEqual([]);
});

import './scratch.ts';
import { readFile } from 'node:fs/promises';
import { S3Client } from '@aws-sdk/client-s3';
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { afterAll, expect, test, vi } from 'vitest';
import { REQUESTS_OF_A_JOB } from '../../bench/scale/requests.ts';
import { storeInlined } from '../../core/circuits/inlined.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { LOCAL_TENANT } from '../../core/jobs/job.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { keyOf, rowAt } from '../../core/store/table.ts';
import { bringParams } from '../../functions/prefetch/bring-params.ts';
import { handler } from '../../functions/prove/index.ts';
import { binaryIr } from '../generator/circuits.ts';
import { generateRequest } from '../generator/generate.ts';
import { keyFiles } from '../generator/keys.ts';
import { deliver } from '../stack/deliver.ts';

const CIRCUIT = 'fallible/count';
const K = 6;

/** Those that `deliver` makes in the event source's place. */
const EVENT_SOURCES = new Set(['ReceiveMessageCommand', 'GetQueueAttributesCommand', 'DeleteMessageCommand']);

interface Sent {
  command: string;
  input: unknown;
}

/** Every client sends through the same method. */
const send = vi.spyOn(Object.getPrototypeOf(S3Client.prototype), 'send');
afterAll(() => nativeProver().stop());

/** What AWS is asked while `work` runs. */
async function sentDuring(work: () => Promise<unknown>): Promise<Sent[]> {
  send.mockClear();
  await work();
  return send.mock.calls
    .map(([command]) => ({ command: (command as object).constructor.name, input: (command as Sent).input }))
    .filter(({ command }) => !EVENT_SOURCES.has(command));
}

/** As DynamoDB counts a row, up to the few bytes that it adds for each nesting. */
function bytesOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null) return String(value).length;
  return Object.entries(value).reduce((sum, [name, inner]) => sum + name.length + bytesOf(inner), 0);
}

test('a proof asks of AWS what the simulation of scale reckons with', async () => {
  const files = await keyFiles(CIRCUIT);
  const [prover, verifier] = await Promise.all([readFile(files.prover), readFile(files.verifier)]);
  const inlined = {
    zkir: await storeInlined(binaryIr(CIRCUIT)),
    prover: await storeInlined(prover),
    verifier: await storeInlined(verifier),
  };
  await bringParams(K);
  const { preimage: witness } = await generateRequest(CIRCUIT);
  const prove = async () => {
    const job = await admitJob({ tenant: LOCAL_TENANT, operation: 'prove', circuit: CIRCUIT, k: K, inlined, witness });
    await deliver(job.lane, handler);
    return job;
  };
  // Brings the keys.
  const { id } = await prove();
  const sent = await sentDuring(prove);
  const count = (command: string) => sent.filter((one) => one.command === command).length;
  // Afterwards it is looked once a second whether the job is still the attempt's own.
  const beforeProof = sent.slice(
    0,
    sent.findIndex(({ command }) => command === 'GetObjectCommand'),
  );
  const transacted = sent
    .filter(({ command }) => command === 'TransactWriteCommand')
    .flatMap(({ input }) => (input as TransactWriteCommandInput).TransactItems ?? []);
  const states = transacted.filter(
    ({ Put, Update }) => Put?.Item?.state ?? Update?.UpdateExpression?.includes('#state'),
  );
  const counted = {
    transactedRows: transacted.length,
    singleRows: count('UpdateCommand') + count('PutCommand') + count('DeleteCommand'),
    indexedChanges: states.length,
    readRows: beforeProof.filter(({ command }) => command === 'GetCommand').length,
    endedRowKb: Math.ceil(bytesOf(await rowAt(keyOf.job(id))) / 1024),
    objectsPut: count('PutObjectCommand'),
    objectsGot: count('GetObjectCommand'),
    messagesSent: count('SendMessageCommand'),
  };
  // The row of a larger proof is larger: what is reckoned with is that of a shielded output, whose proof takes seconds.
  expect(counted).toEqual({ ...REQUESTS_OF_A_JOB, endedRowKb: 5 });
});

import './scratch.ts';
import { randomUUID } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import type { GetCommandInput, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { afterAll, expect, test, vi } from 'vitest';
import { REQUESTS_OF_A_JOB } from '../../bench/scale/requests.ts';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { registerContract } from '../../core/contracts/register.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { rowAt } from '../../core/store/table.ts';
import { handler as prefetch } from '../../functions/prefetch/index.ts';
import { handler as prove } from '../../functions/prove/index.ts';
import { binaryIr } from '../generator/circuits.ts';
import { generateRequest } from '../generator/generate.ts';
import { ask } from '../stack/ask.ts';
import { deliver } from '../stack/deliver.ts';

const CIRCUIT = 'fallible/count';

/** Those that `deliver` makes in the event source's place. */
const EVENT_SOURCES = new Set(['ReceiveMessageCommand', 'GetQueueAttributesCommand', 'DeleteMessageCommand']);

/** Of the table: of one row, or of the few rows of a partition. */
const READS = new Set(['GetCommand', 'QueryCommand']);

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

/** A proof of the contract's circuit, asked for as our client does. @returns the job's id. */
async function proveIn(contract: string): Promise<string> {
  const { preimage, bindingInput } = await generateRequest(CIRCUIT);
  const { body } = await ask('POST', '/v1/jobs', {
    body: {
      circuit: 'count',
      contract,
      preimage: Buffer.from(preimage).toString('base64'),
      bindingInput: bindingInput?.toString(),
    },
    headers: { 'Idempotency-Key': randomUUID() },
  });
  await deliver('small', prove);
  return body.id as string;
}

test('a proof asks of AWS what the simulation of scale reckons with', async () => {
  const ir = await binaryIr(CIRCUIT);
  const contract = await registerContract(
    LOCAL_TENANT,
    [{ name: 'count', zkir: async () => ir }],
    'midnight',
    new AbortController().signal,
  );
  await deliver('keys', prefetch);
  // Brings the keys.
  const id = await proveIn(contract);
  const sent = await sentDuring(() => proveIn(contract));
  const count = (command: string) => sent.filter((one) => one.command === command).length;
  // Once the witness is there, it is looked once a second whether the job is still the attempt's own.
  const begun = sent.findIndex(({ command }) => command === 'GetObjectCommand');
  const isLook = ({ command, input }: Sent, index: number) =>
    index > begun && command === 'GetCommand' && (input as GetCommandInput).Key?.SK === keyOf.job(id).SK;
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
    reads: sent.filter((one, index) => READS.has(one.command) && !isLook(one, index)).length,
    endedRowKb: Math.ceil(bytesOf(await rowAt(keyOf.job(id))) / 1024),
    objectsPut: count('PutObjectCommand'),
    objectsGot: count('GetObjectCommand'),
    queueRequests: count('SendMessageCommand') + count('ChangeMessageVisibilityCommand'),
  };
  // The row of a larger proof is larger: what is reckoned with is that of a shielded output, whose proof takes seconds.
  expect(counted).toEqual({ ...REQUESTS_OF_A_JOB, endedRowKb: 4 });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { createProvingTransactionPayload } from '@midnight-ntwrk/ledger-v8';
import { expect, inject, test, vi } from 'vitest';
import { batchView } from '../../core/api/batches.ts';
import { awsAt } from '../../local/aws.ts';
import { STATE_ROOT } from '../../local/paths.ts';
import { generateTransaction } from '../generator/generate.ts';
import { requestIn } from '../generator/unproven.ts';
import { ask, endOf, post, submitJob } from '../stack/api.ts';

/**
 * The preimage in the forms a log could hold: any 24 of its bytes as they lie in it, and any 32 of them as a number, the
 * way a field element is printed.
 */
function tracesOf(preimage: Buffer): string[] {
  const runs = (bytes: number) =>
    Array.from({ length: preimage.length - bytes - HEADER_BYTES }, (_, start) =>
      preimage.subarray(HEADER_BYTES + start, HEADER_BYTES + start + bytes),
    );
  const asBytes = runs(24).flatMap((run) => [
    run.toString('hex'),
    run.toString('base64'),
    run.join(','),
    run.join(', '),
  ]);
  const asNumbers = runs(32).flatMap((run) => {
    const hex = Buffer.from(run.toReversed()).toString('hex');
    return [hex, BigInt(`0x${hex}`).toString()];
  });
  return [...asBytes, ...asNumbers];
}

/** `midnight:proof-preimage:`, which is no secret. */
const HEADER_BYTES = 24;

/** What the table holds but for what is public: proven transactions and the statements of proofs. */
async function rows(): Promise<string> {
  const { dynamodb } = awsAt(inject('awsEndpoint'));
  const pages = paginateScan(
    { client: DynamoDBDocumentClient.from(dynamodb) },
    { TableName: inject('outputs').TableName },
  );
  let text = '';
  for await (const { Items } of pages) {
    text += JSON.stringify(Items?.map(({ statement, result, ...row }) => row));
  }
  return text;
}

async function witnessesInStore(): Promise<unknown[]> {
  const { s3 } = awsAt(inject('awsEndpoint'));
  const { Contents } = await s3.send(
    new ListObjectsV2Command({ Bucket: inject('outputs').BucketName, Prefix: 'witness/' }),
  );
  return Contents ?? [];
}

test('an ended job leaves no witness: not in the bucket, not in the table, not in an error, not in what was logged', async () => {
  const preimage = await readFile('test/data/preimages/dust-spend.preimage.bin');
  const proved = await endOf(await submitJob('midnight/dust/spend', preimage));
  expect(proved.state).toBe('succeeded');
  // The witness of one circuit given to another.
  const { error } = await endOf(await submitJob('midnight/zswap/output', preimage));
  expect(error?.code).toBe('INVALID_WITNESS');
  expect(error?.message).not.toMatch(/\d{12}|[0-9a-f]{16}/);

  // The witness in a transaction, and in a request that can be made again.
  const transaction = await generateTransaction('midnight/dust/spend');
  const { preimage: inTransaction } = await requestIn(transaction);
  const body = Uint8Array.from(createProvingTransactionPayload(transaction.transaction, new Map()));
  expect((await fetch(`${inject('baseUrl')}/prove-tx`, { method: 'POST', body })).status).toBe(200);

  // The witness in questions, in a batch with an item that is refused, and in jobs that are cancelled or come too late.
  const circuit = 'midnight/dust/spend';
  const form = { circuit, preimage: preimage.toString('base64') };
  expect((await post('/v1/check', JSON.stringify(form))).status).toBe(200);
  expect((await post('/v1/jobs', JSON.stringify({ ...form, colour: 'red' }))).status).toBe(400);
  const items = [form, { ...form, circuit: 'nobody/knows' }, { ...form, deadlineSeconds: 1 }];
  const batch = batchView.parse(await (await post('/v1/batches', JSON.stringify({ items }))).json());
  expect((await ask('DELETE', batch.links.self)).status).toBe(200);

  // A job has ended a moment before its witness is deleted.
  await vi.waitFor(async () => expect(await witnessesInStore()).toEqual([]), { timeout: 10_000 });
  const log = await readFile(join(STATE_ROOT, 'test', 'emulator.log'), 'utf8');
  expect(log).toContain(proved.id);
  const kept = log + (await rows());
  const traces = [preimage, Buffer.from(inTransaction)].flatMap(tracesOf);
  expect(traces.filter((trace) => kept.includes(trace))).toEqual([]);
});

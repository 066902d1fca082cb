import './scratch.ts';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { tableName } from '../../core/config.ts';
import { claimJob } from '../../core/jobs/claim.ts';
import { endJob } from '../../core/jobs/end.ts';
import { type Job, readJob } from '../../core/jobs/job.ts';
import { MAX_BATCH, MAX_BODY_BYTES } from '../../core/limits.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { table } from '../../core/store/table.ts';
import { type Answer, ask } from '../stack/ask.ts';

/** By which the jobs are delivered. */
const MESSAGE = 'message';

const preimage = await readFile('test/data/preimages/dust-spend.preimage.bin', 'base64');
const ITEM = { circuit: 'midnight/dust/spend', preimage };

const submit = (items: object[], key?: string) =>
  ask('POST', '/v1/batches', { body: { items }, headers: key ? { 'Idempotency-Key': key } : {} });
const idOf = ({ body }: Answer) => body.id as string;
const itemsOf = ({ body }: Answer) => body.items as { job?: string; state: string }[];
const jobsOf = (answer: Answer) => itemsOf(answer).map(({ job }) => job as string);

async function succeed(id: string, result: number): Promise<void> {
  const job = (await claimJob(id, MESSAGE)) as Job;
  await endJob(job, { state: 'succeeded', result: new Uint8Array([result]), statement: [`${result}`] });
}

describe('a batch', () => {
  test('is one answer when all its jobs have ended, in the order in which they were sent', async () => {
    const batch = await submit([ITEM, { ...ITEM, bindingInput: '7', labels: { a: 'b' } }]);
    expect(batch).toMatchObject({ status: 202, body: { state: 'running' } });
    expect(batch.headers.location).toBe(`/v1/batches/${idOf(batch)}`);
    const [first = '', second = ''] = jobsOf(batch);
    expect(await readJob(LOCAL_TENANT, second)).toMatchObject({ batch: idOf(batch), labels: { a: 'b' } });
    const waiting = ask('GET', `/v1/batches/${idOf(batch)}?wait=20`);
    await succeed(second, 2);
    await succeed(first, 1);
    expect((await waiting).body).toMatchObject({
      state: 'ended',
      items: [
        { job: first, state: 'succeeded', proof: Buffer.from([1]).toString('base64'), statement: ['1'] },
        { job: second, state: 'succeeded', proof: Buffer.from([2]).toString('base64'), statement: ['2'] },
      ],
    });
  });

  test('stands as it does when the waiting is over', async () => {
    const batch = await submit([ITEM, ITEM]);
    await succeed(jobsOf(batch)[0] as string, 1);
    const { body } = await ask('GET', `/v1/batches/${idOf(batch)}?wait=0.1`);
    expect(body).toMatchObject({ state: 'running', items: [{ state: 'succeeded' }, { state: 'queued' }] });
  });

  test('has items that fail alone', async () => {
    const batch = await submit([
      { ...ITEM, circuit: 'nobody/knows' },
      { ...ITEM, preimage: 'AAAA' },
      { ...ITEM, lane: 'small' },
      ITEM,
    ]);
    expect(batch).toMatchObject({ status: 202, body: { state: 'running' } });
    expect(itemsOf(batch)).toMatchObject([
      { state: 'failed', error: { code: 'CIRCUIT_NOT_FOUND' } },
      { state: 'failed', error: { code: 'INVALID_REQUEST', message: expect.stringContaining('expected header tag') } },
      { state: 'failed', error: { code: 'INVALID_REQUEST', message: expect.stringContaining('medium, large') } },
      { state: 'queued', job: expect.any(String) },
    ]);
    expect((await ask('GET', `/v1/batches/${idOf(batch)}`)).body).toEqual(batch.body);
  });

  test('made again with its key is the same', async () => {
    const key = randomUUID();
    const [first, ...others] = await Promise.all([
      submit([ITEM, ITEM], key),
      submit([ITEM, ITEM], key),
      submit([ITEM, ITEM], key),
    ]);
    for (const other of others) expect(jobsOf(other)).toEqual(jobsOf(first as Answer));
    expect(await submit([ITEM], key)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
  });

  test('whose request broke off half-way is gone on with by the next', async () => {
    const key = randomUUID();
    const batch = await submit([ITEM, ITEM], key);
    const [kept = '', lost = ''] = jobsOf(batch);
    const Key = keyOf.batch(idOf(batch));
    await table.send(new UpdateCommand({ TableName: tableName(), Key, UpdateExpression: 'REMOVE refused' }));
    await table.send(new DeleteCommand({ TableName: tableName(), Key: keyOf.job(lost) }));
    expect(jobsOf(await submit([ITEM, ITEM], key))).toEqual([kept, lost]);
    expect(await readJob(LOCAL_TENANT, lost)).toMatchObject({ state: 'queued' });
  });

  test('whose request broke off, and was not made again, ends', async () => {
    const batch = await submit([ITEM]);
    const Key = keyOf.batch(idOf(batch));
    const update = { TableName: tableName(), Key, UpdateExpression: 'SET createdAt = :then REMOVE refused' };
    const then = new Date(Date.now() - 3600_000).toISOString();
    await table.send(new UpdateCommand({ ...update, ExpressionAttributeValues: { ':then': then } }));
    await table.send(new DeleteCommand({ TableName: tableName(), Key: keyOf.job(jobsOf(batch)[0] as string) }));
    const { body } = await ask('GET', `/v1/batches/${idOf(batch)}?wait=1`);
    expect(body).toMatchObject({ state: 'ended', items: [{ state: 'failed', error: { code: 'INTERNAL' } }] });
  });

  test('can be cancelled: what has ended stays', async () => {
    const batch = await submit([ITEM, ITEM]);
    await succeed(jobsOf(batch)[0] as string, 1);
    const { body } = await ask('DELETE', `/v1/batches/${idOf(batch)}`);
    expect(body).toMatchObject({ state: 'ended', items: [{ state: 'succeeded' }, { state: 'cancelled' }] });
  });

  test('leaves out proofs that its answer has no room for', async () => {
    const batch = await submit(Array(12).fill(ITEM));
    const result = new Uint8Array(290 * 1024);
    for (const id of jobsOf(batch)) {
      await endJob((await claimJob(id, MESSAGE)) as Job, { state: 'succeeded', result, statement: ['7'] });
    }
    const { body } = await ask('GET', `/v1/batches/${idOf(batch)}`);
    expect(JSON.stringify(body).length).toBeLessThan(MAX_BODY_BYTES + 10_000);
    const items = body.items as { state: string; proof?: string }[];
    expect(items.map(({ state }) => state)).toEqual(Array(12).fill('succeeded'));
    expect(items.map(({ proof }) => proof !== undefined)).toEqual([...Array(11).fill(true), false]);
  });
});

test.each([
  ['no items', []],
  ['too many', Array(MAX_BATCH + 1).fill(ITEM)],
  ['what is no item', [{ circuit: 7 }]],
])('%s are refused', async (_, items) => {
  expect(await submit(items)).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
});

test('a batch that there is not', async () => {
  expect(await ask('GET', `/v1/batches/${randomUUID()}`)).toMatchObject({
    status: 404,
    body: { code: 'BATCH_NOT_FOUND' },
  });
});

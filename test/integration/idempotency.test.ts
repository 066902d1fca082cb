import './scratch.ts';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DeleteCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createProvingPayload } from '@midnight-ntwrk/ledger-v8';
import { expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { tableName } from '../../core/config.ts';
import { type Job, readJob } from '../../core/jobs/job.ts';
import { keyedDigest } from '../../core/jobs/keyed-digest.ts';
import { deleteObject, getObject, objectOf } from '../../core/store/objects.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { table } from '../../core/store/table.ts';
import { type Answer, ask } from '../stack/ask.ts';

const preimage = await readFile('test/data/preimages/dust-spend.preimage.bin');
const FORM = { circuit: 'midnight/dust/spend', preimage: preimage.toString('base64') };

const submit = (key: string, body: object = FORM) =>
  ask('POST', '/v1/jobs', { body, headers: { 'Idempotency-Key': key } });
const idOf = ({ body }: Answer) => body.id as string;

test('other keys, or none, are other jobs', async () => {
  const answers = [await submit('a'), await submit('b'), await ask('POST', '/v1/jobs', { body: FORM })];
  expect(new Set(answers.map(idOf)).size).toBe(3);
});

test('a request that broke off before its witness was stored is made good by the next one', async () => {
  const key = randomUUID();
  const id = idOf(await submit(key));
  const update = { TableName: tableName(), Key: keyOf.job(id), UpdateExpression: 'REMOVE enqueuedAt' };
  await table.send(new UpdateCommand(update));
  await deleteObject(objectOf.witness(id));
  expect(idOf(await submit(key))).toBe(id);
  expect(await getObject(objectOf.witness(id))).toBeDefined();
  expect(await readJob(LOCAL_TENANT, id)).toMatchObject({ enqueuedAt: expect.any(String) });
});

test('a refused request leaves its key free', async () => {
  const key = randomUUID();
  expect(await submit(key, { ...FORM, circuit: 'nobody/knows' })).toMatchObject({ status: 404 });
  expect(await submit(key)).toMatchObject({ status: 202 });
});

test('a key is forgotten when its time is over, also if its row is still there', async () => {
  const key = randomUUID();
  const first = idOf(await submit(key));
  const Key = keyOf.idempotency(LOCAL_TENANT, (await keyedDigest('key', key)).toString('hex'));
  const expire = { TableName: tableName(), Key, UpdateExpression: 'SET expiresAt = :then' };
  await table.send(new UpdateCommand({ ...expire, ExpressionAttributeValues: { ':then': 1 } }));
  expect(idOf(await submit(key, { ...FORM, bindingInput: '7' }))).not.toBe(first);
});

test('a key whose job is gone is refused, not proved twice', async () => {
  const key = randomUUID();
  await table.send(new DeleteCommand({ TableName: tableName(), Key: keyOf.job(idOf(await submit(key))) }));
  expect(await submit(key)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
});

test.each(['', 'x'.repeat(256)])('a key of a length that is none is refused: %#', async (key) => {
  expect(await submit(key)).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
});

test('the key itself is stored nowhere: it may tell what the proof is for', async () => {
  await submit('order 1000');
  const { Items } = await table.send(new ScanCommand({ TableName: tableName() }));
  expect(Items?.length).toBeGreaterThan(1);
  expect(JSON.stringify(Items)).not.toContain('order 1000');
});

test('an id that the client chose is the job’s, and stands for a key', async () => {
  const id = randomUUID();
  const body = { ...FORM, id };
  expect(await ask('POST', '/v1/jobs', { body })).toMatchObject({ status: 202, body: { id } });
  expect(await ask('POST', '/v1/jobs', { body })).toMatchObject({ status: 202, body: { id } });
  const other = { ...body, bindingInput: '7' };
  expect(await ask('POST', '/v1/jobs', { body: other })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
  expect(await submit('another key', body)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
});

test('an id that is another tenant’s is refused like any that is taken', async () => {
  const id = randomUUID();
  await ask('POST', '/v1/jobs', { body: { ...FORM, id } });
  const { PK, SK } = keyOf.job(id);
  const update = { TableName: tableName(), Key: { PK, SK }, UpdateExpression: 'SET tenant = :other' };
  await table.send(new UpdateCommand({ ...update, ExpressionAttributeValues: { ':other': 'somebody else' } }));
  expect(await submit('a third key', { ...FORM, id })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
});

test('an id is the same in capitals', async () => {
  const id = randomUUID();
  const { body } = await ask('POST', '/v1/jobs', { body: { ...FORM, id: id.toUpperCase() } });
  expect(body.id).toBe(id);
  expect(await ask('GET', `/v1/jobs/${id.toUpperCase()}`)).toMatchObject({ status: 200, body: { id } });
});

test.each([
  ['/v1/jobs?deadlineSeconds=60', FORM, 'put deadlineSeconds into it'],
  ['/v1/jobs', Buffer.from(JSON.stringify(FORM)), 'JSON has to come with Content-Type: application/json'],
  ['/v1/jobs?id=1&id=2', Buffer.from('x'), 'id more than once'],
  ['/v1/jobs', { ...FORM, labels: { 'a:b': 'c' } }, 'no colon'],
  ['/v1/jobs', { ...FORM, labels: { ['x'.repeat(65)]: 'c' } }, '1 to 64 characters'],
])('what would be left out of a job is refused: %s', async (target, body, detail) => {
  expect(await ask('POST', target, { body })).toMatchObject({
    status: 400,
    body: { code: 'INVALID_REQUEST', detail: expect.stringContaining(detail) },
  });
});

test('tagged bodies have keys, ids, labels and deadlines, too', async () => {
  const body = Buffer.from(createProvingPayload(preimage, undefined, undefined));
  const id = randomUUID();
  const target = `/v1/jobs?id=${id}&deadlineSeconds=60&label=wallet:7&label=a:b:c&lane=large`;
  const answer = await ask('POST', target, { body });
  expect(answer).toMatchObject({ status: 202, body: { id, lane: 'large', labels: { wallet: '7', a: 'b:c' } } });
  const { createdAt, deadlineAt } = (await readJob(LOCAL_TENANT, id)) as Required<Job>;
  expect(Date.parse(deadlineAt) - Date.parse(createdAt)).toBe(60_000);
  expect(await ask('POST', target, { body })).toMatchObject({ headers: { 'idempotent-replayed': 'true' } });
});

/**
 * What functions may not do. That they may do what they have to, all tests on the shared stack show: its AWS holds every
 * request against policies, and their end fails if anything but what this file asks for was refused.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, inject, test } from 'vitest';
import { objectOf } from '../../core/store/objects.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { awsAt, REGION } from '../../local/aws.ts';
import { output } from '../../local/deployment.ts';
import { recordedPreimage } from '../generator/recorded.ts';
import { endOf, submitJob } from '../stack/api.ts';
import { credentialsOf, DELIBERATE, refusals } from '../stack/privileges.ts';

const endpoint = inject('awsEndpoint');
const TableName = output(inject('outputs'), 'TableName');
const Bucket = output(inject('outputs'), 'BucketName');

const FUNCTIONS = {
  authorize: 'Nightshift-Apiauthorize',
  submit: 'Nightshift-Apisubmit',
  status: 'Nightshift-Apistatus',
  prove: 'Nightshift-Lanemediumprove',
  prefetch: 'Nightshift-Lanekeysprefetch',
  sweep: 'Nightshift-Upkeepsweep',
};

/** All of them have been called. */
beforeAll(async () => {
  await endOf(await submitJob('midnight/dust/spend', Buffer.from(recordedPreimage('dust-spend'))));
  const { lambda } = awsAt(endpoint);
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand());
  const sweep = Functions.find(({ FunctionName }) => FunctionName?.startsWith(FUNCTIONS.sweep));
  await lambda.send(new InvokeCommand({ FunctionName: sweep?.FunctionName, Payload: '{}' }));
});

async function as(name: string) {
  const config = { endpoint, region: REGION, credentials: await credentialsOf(name) };
  return {
    rows: DynamoDBDocumentClient.from(new DynamoDBClient(config)),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    lambda: new LambdaClient(config),
  };
}
type Clients = Awaited<ReturnType<typeof as>>;

const apiKey = keyOf.apiKey(DELIBERATE);
const job = keyOf.job(DELIBERATE);
const contract = keyOf.contract(DELIBERATE);
const tenant = keyOf.tenant(DELIBERATE);
const witness = objectOf.witness(DELIBERATE);
const result = objectOf.result(DELIBERATE);
const key = objectOf.key(DELIBERATE, 'prover');

type Row = Record<'PK' | 'SK', string>;
const read =
  (Key: Row) =>
  ({ rows }: Clients) =>
    rows.send(new GetCommand({ TableName, Key }));
const write =
  (Item: Row) =>
  ({ rows }: Clients) =>
    rows.send(new PutCommand({ TableName, Item }));
const set =
  (Key: Row, attribute: string) =>
  ({ rows }: Clients) =>
    rows.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: `SET ${attribute} = :value`,
        ExpressionAttributeValues: { ':value': DELIBERATE },
      }),
    );
const readObject =
  (Key: string) =>
  ({ s3 }: Clients) =>
    s3.send(new GetObjectCommand({ Bucket, Key }));
const writeObject =
  (Key: string) =>
  ({ s3 }: Clients) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(DELIBERATE) }));
const deleteObject =
  (Key: string) =>
  ({ s3 }: Clients) =>
    s3.send(new DeleteObjectCommand({ Bucket, Key }));
const scan = ({ rows }: Clients) => rows.send(new ScanCommand({ TableName }));

test.each<[keyof typeof FUNCTIONS, string, (clients: Clients) => Promise<unknown>]>([
  ['authorize', 'read a job', read(job)],
  ['authorize', 'make an API key', write(apiKey)],
  ['authorize', 'give an API key other scopes', set(apiKey, 'scopes')],
  ['authorize', 'change a tenant', set(tenant, 'limits')],
  ['authorize', 'read a witness', readObject(witness)],
  ['submit', 'read an API key', read(apiKey)],
  ['submit', 'make an API key', write(apiKey)],
  ['submit', 'change a tenant’s limits', set(tenant, 'limits')],
  ['submit', 'read a witness', readObject(witness)],
  ['submit', 'replace a prover key', writeObject(key)],
  ['submit', 'delete a result', deleteObject(result)],
  ['status', 'read an API key', read(apiKey)],
  ['status', 'make a job', write(job)],
  ['status', 'read a witness', readObject(witness)],
  ['status', 'change a contract', set(contract, 'circuits')],
  ['prove', 'read an API key', read(apiKey)],
  ['prove', 'make a tenant', write(tenant)],
  ['prove', 'put a witness', writeObject(witness)],
  ['prove', 'replace a prover key', writeObject(key)],
  ['prefetch', 'read a tenant', read(tenant)],
  ['prefetch', 'read what is kept of requests', read(keyOf.inFlight(DELIBERATE, 0))],
  ['prefetch', 'read a witness', readObject(witness)],
  ['sweep', 'read an API key', read(apiKey)],
  ['sweep', 'read a result', readObject(result)],
  ['sweep', 'put a witness', writeObject(witness)],
])('%s may not %s', async (name, _, call) => {
  await expect(call(await as(FUNCTIONS[name]))).rejects.toMatchObject({ name: expect.stringMatching('AccessDenied') });
});

test.each(Object.entries(FUNCTIONS))('%s may not go through the whole table', async (_, name) => {
  await expect(scan(await as(name))).rejects.toMatchObject({ name: expect.stringMatching('AccessDenied') });
});

test('a refusal is noted, with whose it is', async () => {
  await read(job)(await as(FUNCTIONS.authorize)).catch(() => undefined);
  expect(await refusals()).toContainEqual({
    who: expect.stringContaining(`/${FUNCTIONS.authorize}`),
    action: 'dynamodb:GetItem',
    about: [job.PK],
  });
});

test('with the same credentials it does what it has to', async () => {
  expect((await read(apiKey)(await as(FUNCTIONS.authorize))).$metadata.httpStatusCode).toBe(200);
});

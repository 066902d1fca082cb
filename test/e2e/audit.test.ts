/** The audit log: who asked for what, what came of it, who was refused, and what became of tenants and keys. */
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, describe, expect, inject, test, vi } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { awsAt, closeAws, environmentOf, REGION } from '../../local/aws.ts';
import { output } from '../../local/deployment.ts';
import { apiByPath } from '../../local/stack.ts';
import { nightshift } from '../cli/run.ts';
import { irFile } from '../generator/circuits.ts';
import { recordedPreimage } from '../generator/recorded.ts';
import { endOf, jobView, postJob } from '../stack/api.ts';
import { built, register } from '../stack/contracts.ts';
import { credentialsOf, DELIBERATE } from '../stack/privileges.ts';

const endpoint = inject('awsEndpoint');
const outputs = inject('outputs');
const Bucket = output(outputs, 'AuditBucketName');
const API = apiByPath(endpoint, output(outputs, 'ApiUrl'));
const aws = awsAt(endpoint);
afterAll(() => closeAws(aws));

type Recorded = Record<string, unknown>;
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const UUID = expect.stringMatching(/^[0-9a-f-]{36}$/);

async function objects(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client: aws.s3 }, { Bucket })) {
    for (const { Key = '' } of Contents) {
      const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket, Key }));
      found.set(Key, (await Body?.transformToString()) ?? '');
    }
  }
  return found;
}

/** What is recorded that names it, once there are so many. */
function recordsNaming(name: string, count: number): Promise<Recorded[]> {
  return vi.waitFor(
    async () => {
      const lines = [...(await objects()).values()].flatMap((text) => text.trimEnd().split('\n'));
      const records: Recorded[] = lines.filter((line) => line.includes(name)).map((line) => JSON.parse(line));
      expect(records).toHaveLength(count);
      return records;
    },
    { timeout: 20_000, interval: 200 },
  );
}

async function operator(...args: string[]): Promise<Recorded> {
  const { code, stdout, stderr } = await nightshift([...args, '--json'], environmentOf(endpoint));
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

const newTenant = async (): Promise<string> => `${(await operator('tenants', 'create', `audited-${randomUUID()}`)).id}`;
const newKey = (tenant: string, ...options: string[]) => operator('api-keys', 'create', tenant, ...options);

const asks = (key: unknown, method: string, path: string, body?: object) =>
  fetch(`${API}${path}`, {
    method,
    headers: { 'x-api-key': `${key}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });

const CIRCUIT = 'midnight/dust/spend';
const preimage = Buffer.from(recordedPreimage('dust-spend'));

describe('a job that has ended', () => {
  test('is recorded with who asked for which circuit, and what came of it; nothing else', async () => {
    const tenant = await newTenant();
    const { key, id: apiKey } = await newKey(tenant);
    const label = `label-${randomUUID()}`;
    const body = { circuit: CIRCUIT, preimage: preimage.toString('base64'), labels: { label } };
    const submitted = jobView.parse(await (await asks(key, 'POST', '/v1/jobs', body)).json());
    const ended = await vi.waitFor(
      async () => {
        const job = jobView.parse(await (await asks(key, 'GET', submitted.links.self)).json());
        expect(job.endedAt).toBeDefined();
        return job;
      },
      { timeout: 60_000, interval: 200 },
    );
    const [record] = await recordsNaming(`"job":"${submitted.id}"`, 1);
    expect(record).toEqual({
      ...{ event: 'job', at: ended.endedAt, tenant, apiKey, job: submitted.id, operation: 'prove', circuit: CIRCUIT },
      ...{ k: 13, lane: 'medium', state: 'succeeded', attempts: 1, createdAt: TIME, startedAt: ended.startedAt },
    });
    const all = [...(await objects()).values()].join('\n');
    for (const secret of [preimage.toString('base64'), preimage.toString('hex'), `${ended.proof}`, label]) {
      expect(all).not.toContain(secret.slice(0, 80));
    }
    for (const input of ended.statement?.filter((decimal) => decimal.length > 20) ?? []) {
      expect(all).not.toContain(input);
    }
  });

  test('is recorded with the code of its failure, and the contract', async () => {
    const zkir = JSON.parse(await readFile(irFile('fallible/count'), 'utf8'));
    const { id: contract } = await built(await register({ circuits: { count: { zkir } } }));
    const witness = Buffer.from(recordedPreimage('NEGATIVE-fallible-count-first-true')).toString('base64');
    const body = JSON.stringify({ contract, circuit: 'count', preimage: witness });
    const ended = await endOf(jobView.parse(await (await postJob(body)).json()));
    const [record] = await recordsNaming(`"job":"${ended.id}"`, 1);
    expect(record).toEqual({
      ...{ event: 'job', at: ended.endedAt, tenant: LOCAL_TENANT, apiKey: UUID, job: ended.id },
      ...{ operation: 'prove', circuit: 'count', contract, k: 6, lane: 'small', state: 'failed' },
      ...{ code: 'INVALID_WITNESS', attempts: 1, createdAt: TIME, startedAt: TIME },
    });
  });
});

describe('a refused request', () => {
  test('is recorded with whose it was, and why', async () => {
    const tenant = await newTenant();
    const { key, id: apiKey } = await newKey(tenant, '--scope', 'verify');
    const refused = await asks(key, 'POST', '/v1/jobs', { circuit: CIRCUIT, preimage: '' });
    expect(refused.status).toBe(403);
    expect(await recordsNaming(tenant, 3)).toContainEqual({
      ...{ event: 'refusal', at: TIME, tenant, apiKey, method: 'POST', resource: '/v1/jobs' },
      ...{ status: 403, code: 'FORBIDDEN', request: expect.any(String) },
    });
  });

  test('is recorded with the key that does not work any more; nothing of the key is', async () => {
    const tenant = await newTenant();
    const { key, id: apiKey } = await newKey(tenant);
    await operator('api-keys', 'revoke', `${apiKey}`);
    expect((await asks(key, 'GET', '/v1/jobs')).status).toBe(401);
    expect(await recordsNaming(`${apiKey}`, 3)).toContainEqual({
      ...{ event: 'refusal', at: TIME, apiKey, method: 'GET', resource: expect.any(String) },
      ...{ status: 401, code: 'UNAUTHENTICATED' },
    });
    const all = [...(await objects()).values()].join('\n');
    expect(all).not.toContain(`${key}`.slice('nsk_live_'.length));
    expect(all).not.toContain(createHash('sha256').update(`${key}`).digest('hex'));
  });
});

test('what an operator does to tenants and keys is recorded', async () => {
  const tenant = await newTenant();
  await operator('tenants', 'limits', tenant, '--per-day', '5');
  const { id: apiKey } = await newKey(tenant, '--name', 'backend', '--days', '1');
  await operator('api-keys', 'revoke', `${apiKey}`);
  const made = { at: TIME, createdAt: TIME, tenant };
  const key = {
    ...{ ...made, event: 'apiKey', apiKey, kind: 'secret', name: 'backend', scopes: ['prove', 'verify'] },
    ...{ limits: { perMinute: 0, perDay: 0 }, validUntil: TIME },
  };
  expect(await recordsNaming(tenant, 4)).toEqual(
    expect.arrayContaining([
      { ...made, event: 'tenant', change: 'made', limits: {} },
      { ...made, event: 'tenant', change: 'changed', limits: { perDay: 5 } },
      { ...key, change: 'made' },
      { ...key, change: 'changed', revokedAt: TIME },
    ]),
  );
});

describe('no function can change what is recorded:', () => {
  const AUDIT = 'Nightshift-Auditaudit';
  const logOf = async () => {
    await newTenant();
    return vi.waitFor(async () => [...(await objects())].at(-1) ?? Promise.reject(new Error('nothing is recorded')));
  };
  const asAudit = async () =>
    new S3Client({ endpoint, region: REGION, forcePathStyle: true, credentials: await credentialsOf(AUDIT) });

  test('the one that writes it may not read or delete it', async () => {
    await logOf();
    const s3 = await asAudit();
    for (const command of [
      new DeleteObjectCommand({ Bucket, Key: DELIBERATE }),
      new DeleteObjectCommand({ Bucket, Key: DELIBERATE, VersionId: 'null' }),
      new GetObjectCommand({ Bucket, Key: DELIBERATE }),
    ]) {
      await expect(s3.send(command as DeleteObjectCommand)).rejects.toMatchObject({ name: 'AccessDenied' });
    }
  });

  test('what is written over stays, and not even an operator deletes it in passing', async () => {
    const [Key, text] = await logOf();
    await (await asAudit()).send(new PutObjectCommand({ Bucket, Key, Body: 'forged' }));
    const { Versions = [] } = await aws.s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    expect(Versions).toHaveLength(2);
    const first = Versions.find(({ IsLatest }) => !IsLatest);
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket, Key, VersionId: first?.VersionId }));
    expect(await Body?.transformToString()).toBe(text);
    const remove = new DeleteObjectCommand({ Bucket, Key, VersionId: first?.VersionId });
    await expect(aws.s3.send(remove)).rejects.toMatchObject({ name: 'AccessDenied' });
    // Other tests read what is recorded.
    const last = Versions.find(({ IsLatest }) => IsLatest);
    await aws.s3.send(
      new DeleteObjectCommand({ Bucket, Key, VersionId: last?.VersionId, BypassGovernanceRetention: true }),
    );
  });
});

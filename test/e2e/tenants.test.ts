/** `nightshift tenants` and `nightshift api-keys`, and what the API makes of their keys. */
import { randomUUID } from 'node:crypto';
import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, PutCommand, paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { drawApiKey, rowOfKey } from '../../core/access/api-key.ts';
import { SCOPES } from '../../core/access/scopes.ts';
import { deployedLane } from '../../core/deployed-lane.ts';
import { API_TIMEOUT_SECONDS, AUTHORIZE_TIMEOUT_SECONDS } from '../../core/limits.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { awsAt, closeAws, environmentOf } from '../../local/aws.ts';
import { output } from '../../local/deployment.ts';
import { apiByPath } from '../../local/stack.ts';
import { nightshift, said, start } from '../cli/run.ts';
import { recordedPreimage } from '../generator/recorded.ts';
import { jobView } from '../stack/api.ts';

const endpoint = inject('awsEndpoint');
const outputs = inject('outputs');
const TableName = output(outputs, 'TableName');
const CACHE_SECONDS = Number(output(outputs, 'AuthorizationCacheSeconds'));
/** The API itself: the local gateway would put a key of its own into requests. */
const API = apiByPath(endpoint, output(outputs, 'ApiUrl'));
/** Where spends are proved. */
const LANE = deployedLane.parse(JSON.parse(output(outputs, 'Lanemedium')));
const aws = awsAt(endpoint);
const rows = DynamoDBDocumentClient.from(aws.dynamodb);
afterAll(() => closeAws(aws));

const env = environmentOf(endpoint);
const tenants = (...args: string[]) => nightshift(['tenants', ...args], env);
const apiKeys = (...args: string[]) => nightshift(['api-keys', ...args], env);

/** Unlike any other word, so that what is left of it is found. */
const someName = () => `tenant-${randomUUID()}`;

async function newTenant(...options: string[]): Promise<string> {
  const id = someName();
  const { code, stderr } = await tenants('create', id, ...options);
  expect([code, stderr]).toEqual([0, '']);
  return id;
}

interface MadeKey {
  key: string;
  id: string;
}

async function newKey(tenant: string, ...options: string[]): Promise<MadeKey> {
  const { code, stdout, stderr } = await apiKeys('create', tenant, '--json', ...options);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

const asks = (key: string, method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  fetch(`${API}${path}`, {
    method,
    headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
const statusOf = async (key: string, path = '/v1/jobs', headers?: Record<string, string>) =>
  (await asks(key, 'GET', path, undefined, headers)).status;

const CIRCUIT = 'midnight/dust/spend';
const preimage = Buffer.from(recordedPreimage('dust-spend')).toString('base64');
const spend = { circuit: CIRCUIT, preimage };

describe('tenants', () => {
  test('are made, listed, and limited', async () => {
    const id = await newTenant('--in-flight', '5');
    const row = async () => (await tenants()).stdout.split('\n').find((line) => line.startsWith(id));
    expect(await row()).toMatch(/ +\S+Z +0 +inFlight 5, perDay as deployed, circuits as deployed$/);
    expect((await tenants('limits', id, '--in-flight', 'default', '--per-day', '0', '--circuits', '7')).stdout).toBe(
      `Tenant ${id}: inFlight as deployed, perDay any, circuits 7.\n`,
    );
    expect(await row()).toMatch(/inFlight as deployed, perDay any, circuits 7$/);
    const listed = JSON.parse((await tenants('--json')).stdout);
    expect(listed).toContainEqual({
      id,
      createdAt: expect.any(String),
      limits: { perDay: 0, circuits: 7 },
      openJobs: 0,
    });
    expect(await tenants('create', id)).toMatchObject({
      code: 2,
      stderr: `✗ TENANT_EXISTS: There is a tenant ${id} already.\n`,
    });
  });

  test('have what they may have at most counted by the API', async () => {
    const id = await newTenant('--per-day', '1');
    const { key } = await newKey(id);
    expect((await asks(key, 'POST', '/v1/jobs', spend)).status).toBe(202);
    const refused = await asks(key, 'POST', '/v1/jobs', spend);
    expect([refused.status, await refused.json()]).toMatchObject([429, { code: 'RATE_LIMITED' }]);
  });
});

describe('a key', () => {
  test('is all that goes to stdout; nothing of it is shown again', async () => {
    const tenant = await newTenant();
    const { code, stdout, stderr } = await apiKeys('create', tenant, '--name', 'backend', '--scope', 'prove');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^nsk_live_[\w-]{43}\n$/)]);
    const [, id = ''] = /^⚠ This key is not shown again\. Its id is (\S+)\.\n$/.exec(stderr) ?? [];
    const secret = stdout.trim().slice('nsk_live_'.length);
    expect(await statusOf(stdout.trim())).toBe(200);

    const list = await apiKeys('list', tenant);
    expect(list.stdout.split('\n')[0]).toMatch(/^ID +KEY +NAME +SCOPES +CREATED +LAST USED +STATE$/);
    expect(list.stdout.split('\n')[1]).toMatch(new RegExp(`^${id} +nsk_live_… +backend +prove +\\S+Z +\\S+Z +active$`));
    const inJson = await apiKeys('list', tenant, '--json');
    expect(Object.keys(JSON.parse(inJson.stdout)[0]).sort()).toEqual(
      [...['id', 'tenant', 'kind', 'name', 'scopes', 'limits', 'createdAt', 'lastUsedAt', 'prefix', 'state']].sort(),
    );
    for (const text of [list.stdout, inJson.stdout]) {
      for (let at = 0; at + 6 <= secret.length; at++) expect(text).not.toContain(secret.slice(at, at + 6));
    }
  });

  test('may do what its scopes say', async () => {
    const tenant = await newTenant();
    const { key } = await newKey(tenant, '--scope', 'verify', '--scope', 'usage');
    const refused = await asks(key, 'POST', '/v1/jobs', spend);
    expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'FORBIDDEN' }]);
    expect(await statusOf(key, '/v1/info')).toBe(200);
  });

  test('does not work any more once it is revoked', async () => {
    const tenant = await newTenant();
    const { key, id } = await newKey(tenant);
    const { code, stdout } = await apiKeys('revoke', id);
    expect([code, stdout]).toEqual([0, `Key ${id} is revoked. It stops working within ${CACHE_SECONDS} s.\n`]);
    expect(await statusOf(key)).toBe(401);
    expect((await apiKeys('list', tenant)).stdout).toMatch(/never +revoked$/m);
    const rotated = await apiKeys('rotate', id);
    expect([rotated.code, rotated.stderr]).toEqual([2, expect.stringMatching(/^✗ WRONG_USE: Key \S+ is revoked: /)]);
  });

  test('is replaced by another one: both work until the overlap is over', async () => {
    const tenant = await newTenant();
    const old = await newKey(tenant, '--name', 'backend', '--scope', 'prove', '--per-minute', '7');
    const { code, stdout, stderr } = await apiKeys('rotate', old.id, '--overlap', '2h');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^nsk_live_[\w-]{43}\n$/)]);
    const [, until = ''] = /The old one works until (\S+)\.\n$/.exec(stderr) ?? [];
    expect(Math.abs(Date.parse(until) - Date.now() - 2 * 3600_000)).toBeLessThan(60_000);
    expect(await Promise.all([statusOf(old.key), statusOf(stdout.trim())])).toEqual([200, 200]);
    const [first, second] = JSON.parse((await apiKeys('list', tenant, '--json')).stdout);
    expect([first, second]).toMatchObject([
      { id: old.id, validUntil: until },
      { name: 'backend', scopes: ['prove'] },
    ]);
    expect(second.limits).toEqual({ perMinute: 7, perDay: 0 });
    expect(second.validUntil).toBeUndefined();

    const third = await newKey(tenant);
    await apiKeys('rotate', third.id, '--overlap', '0s');
    expect(await statusOf(third.key)).toBe(401);
    expect((await apiKeys('list', tenant)).stdout).toMatch(new RegExp(`^${third.id} .* expired$`, 'm'));
  });

  test('that may stand in a page works for pages of its origins, and begins in another way', async () => {
    const tenant = await newTenant();
    const origin = 'https://app.example';
    const { key } = await newKey(tenant, '--publishable', '--origin', origin, '--contract', 'midnight');
    expect(key).toMatch(/^nsp_live_/);
    expect(await statusOf(key, '/v1/jobs/no-such-job', { origin: 'https://evil.example' })).toBe(403);
    const { status } = await asks(key, 'POST', '/v1/jobs', spend, { origin });
    expect(status).toBe(202);
    const [listed] = JSON.parse((await apiKeys('list', tenant, '--json')).stdout);
    expect(listed).toMatchObject({
      kind: 'publishable',
      prefix: 'nsp_live_',
      scopes: ['prove', 'verify'],
      limits: { perMinute: 60, perDay: 0 },
      publishable: { origins: [origin], contracts: ['midnight'] },
    });
  });
});

describe('erase', () => {
  /** The rows and objects that name one of them. */
  async function namesLeft(names: string[]): Promise<string[]> {
    const isNamed = (text: string) => names.some((name) => text.includes(name));
    const found: string[] = [];
    for await (const { Items = [] } of paginateScan({ client: rows }, { TableName })) {
      found.push(...Items.filter((item) => isNamed(JSON.stringify(item))).map(({ PK, SK }) => `${PK} ${SK}`));
    }
    const bucket = { Bucket: output(outputs, 'BucketName') };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: aws.s3 }, bucket)) {
      found.push(...Contents.map(({ Key = '' }) => Key).filter(isNamed));
    }
    return found;
  }

  const change = (tenant: string, UpdateExpression: string, time: string) =>
    rows.send(
      new UpdateCommand({
        ...{ TableName, Key: keyOf.tenant(tenant), UpdateExpression },
        ExpressionAttributeValues: { ':time': time },
      }),
    );

  /** One that was issued before the tenant was closed, and that the index did not list yet. */
  async function putKey(tenant: string): Promise<string> {
    const { key, sha256 } = drawApiKey('secret');
    const may = { scopes: [...SCOPES], limits: { perMinute: 0, perDay: 0 } };
    const apiKey = { id: randomUUID(), sha256, tenant, kind: 'secret' as const, createdAt: new Date().toISOString() };
    await rows.send(new PutCommand({ TableName, Item: rowOfKey({ ...apiKey, ...may }) }));
    return key;
  }

  async function submit(key: string): Promise<string> {
    const answer = await asks(key, 'POST', '/v1/jobs', spend, { 'idempotency-key': randomUUID() });
    expect(answer.status).toBe(202);
    return jobView.parse(await answer.json()).id;
  }

  test('goes on where it was broken off, and leaves nothing of the tenant', async () => {
    const tenant = await newTenant();
    const { key } = await newKey(tenant);
    const ended = await submit(key);
    expect(await (await asks(key, 'GET', `/v1/jobs/${ended}?wait=25`)).json()).toMatchObject({ state: 'succeeded' });
    const { eventSource: UUID } = LANE;
    await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    onTestFinished(async () => {
      await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    });
    const open = await submit(key);

    const first = start(['tenants', 'erase', tenant], env, `${tenant}\n`);
    await said(first.child.stderr, /✓ Cancel its open jobs/);
    first.child.kill('SIGINT');
    const { code, stderr } = await first.ended;
    expect([code, stderr]).toEqual([130, expect.stringMatching(/The same command goes on with it\.$/m)]);
    expect((await tenants()).stdout).toMatch(new RegExp(`^${tenant} .* being erased since \\S+Z$`, 'm'));
    expect(await namesLeft([`witness/${open}`, `KEYS#${tenant}`]), 'witness and key go first').toEqual([]);
    expect(await apiKeys('create', tenant)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(new RegExp(`^✗ TENANT_BEING_ERASED: Tenant ${tenant} is being erased, `)),
    });

    // As though it had broken off between closing and taking the keys away, a day ago.
    const aDayAgo = new Date(Date.now() - 24 * 3600_000).toISOString();
    await change(tenant, 'SET closedAt = :time REMOVE keysRemovedAt', aDayAgo);
    await putKey(tenant);
    const second = start(['tenants', 'erase', tenant, '--yes'], env);
    await said(second.child.stderr, /✓ Cancel its open jobs/);
    second.child.kill('SIGINT');
    expect((await second.ended).code, 'requests of that key may be under way').toBe(130);
    expect(await namesLeft([ended])).toContain(`JOB#${ended} JOB`);

    // As though nearly all the time had passed within which requests may come that the key let in.
    const waitMs = (AUTHORIZE_TIMEOUT_SECONDS + CACHE_SECONDS + API_TIMEOUT_SECONDS) * 1000;
    await change(tenant, 'SET keysRemovedAt = :time', new Date(Date.now() - waitMs + 10_000).toISOString());
    const third = start(['tenants', 'erase', tenant, '--yes', '--json'], env);
    await said(third.child.stderr, /✓ Cancel its open jobs/);
    const late = await putKey(tenant);
    expect(await statusOf(late), 'its tenant is closed').toBe(401);
    const { stdout } = await third.ended;
    expect(JSON.parse(stdout)).toEqual({
      ...{ tenant, keys: 1, cancelled: 0, jobs: 2, batches: 0 },
      records: expect.any(Number),
    });
    expect(await namesLeft([tenant, ended, open])).toEqual([]);
    expect((await tenants()).stdout).not.toContain(tenant);
  });

  test.each(['', 'yes\n'])('erases nothing where the name is not typed, but %j', async (typed) => {
    const tenant = await newTenant();
    const { code, stderr } = await nightshift(['tenants', 'erase', tenant], env, typed);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/✗ WRONG_USE: That is not its name: nothing is deleted/)]);
    expect((await tenants()).stdout).toMatch(new RegExp(`^${tenant} .* as deployed$`, 'm'));
  });
});

describe('wrong use:', () => {
  test.each([
    [['tenants', 'create', 'Ümlaut'], /WRONG_USE: Ümlaut: a tenant is named with/],
    [['tenants', 'create', 'x', '--in-flight', '-1'], /It takes a whole number, 0 or more/],
    [['tenants', 'limits', 'nobody'], /WRONG_USE: Nothing to change: give --in-flight or --per-day or --circuits\.\n$/],
    [['tenants', 'limits', 'nobody', '--per-day', '1'], /TENANT_NOT_FOUND: There is no tenant nobody/],
    [
      ['tenants', 'limits', 'x', '--per-day', 'many'],
      /It takes a whole number, 0 or more\. Or default: as the deployment says\./,
    ],
    [['tenants', 'erase', 'nobody', '--yes'], /TENANT_NOT_FOUND/],
    [['api-keys', 'create', 'nobody'], /TENANT_NOT_FOUND/],
    [['api-keys', 'list', 'nobody'], /TENANT_NOT_FOUND/],
    [['api-keys', 'rotate', 'nothing'], /API_KEY_NOT_FOUND: There is no key nothing/],
    [['api-keys', 'revoke', 'nothing'], /API_KEY_NOT_FOUND/],
    [['api-keys', 'create', 'x', '--scope', 'admin'], /Allowed choices are prove, verify, register, usage/],
    [['api-keys', 'create', 'x', '--days', '0'], /It takes a whole number, from 1 to 36500/],
    [['api-keys', 'create', 'x', '--days', '1', '--valid-until', '2099-01-01'], /cannot be used with/],
    [['api-keys', 'create', 'x', '--valid-until', 'soon'], /It takes a date/],
    [['api-keys', 'create', 'x', '--valid-until', '2020-01-01'], /the end of a key is in the future/],
    [['api-keys', 'create', 'x', '--publishable'], /needs the origins of its pages/],
    [['api-keys', 'create', 'x', '--origin', 'https://app.example'], /only a publishable key is bound/],
    [['api-keys', 'rotate', 'x', '--overlap', 'a day'], /such as 24h/],
  ])('%j', async (args, reason) => {
    const { code, stdout, stderr } = await nightshift(args, env);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(reason);
  });
});

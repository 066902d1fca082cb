/** Requests with keys that are none, and with keys where they don't belong, against a stack that asks for keys. */
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { environmentOf } from '../../local/aws.ts';
import { startOwnStack } from '../stack/own-stack.ts';
import { sendRaw, statusesIn } from '../stack/raw-http.ts';

/** How long a revoked key goes on working. */
const CACHE_SECONDS = 1;
const PAGE = 'https://dapp.example';

const stack = await startOwnStack({ auth: true, authorizationCacheSeconds: CACHE_SECONDS });
afterAll(() => stack.stop());
const { url, endpoint, outputs } = stack;
Object.assign(process.env, environmentOf(endpoint), { TABLE_NAME: outputs.TableName });
const { drawApiKey } = await import('../../core/access/api-key.ts');
const { issueKey, revokeKey, rotateKey } = await import('../../core/access/issued-keys.ts');
const { SCOPES } = await import('../../core/access/scopes.ts');
const { createTenant } = await import('../../core/access/tenant.ts');

const TENANT = 'acme';
await createTenant(TENANT, {});
const WISH = {
  tenant: TENANT,
  kind: 'secret',
  scopes: [...SCOPES],
  limits: { perMinute: 0, perDay: 0 },
} as const;

async function issue(wish: Partial<Parameters<typeof issueKey>[0]> = {}) {
  const issued = await issueKey({ ...WISH, scopes: [...SCOPES], ...wish });
  if (!issued) throw new Error('no key was made');
  return issued;
}

const secret = await issue();
const publishable = await issue({
  kind: 'publishable',
  scopes: ['prove', 'verify'],
  limits: { perMinute: 60, perDay: 0 },
  publishable: { origins: [PAGE], contracts: ['midnight'] },
});

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${url}${path}`, { method, headers });
const withKey = (key: string, headers: Record<string, string> = {}) =>
  ask('/v1/jobs?limit=1', { 'x-api-key': key, ...headers });

async function expectNotLetIn(answer: Response): Promise<void> {
  expect(answer.status).toBe(401);
  expect(await answer.json()).toEqual({
    type: 'about:blank',
    title: 'Unauthorized',
    status: 401,
    detail: expect.stringContaining('X-API-Key'),
    code: 'UNAUTHENTICATED',
  });
}

const preimage = await readFile('test/data/preimages/dust-spend.preimage.bin', 'base64');
const submit = (headers: Record<string, string>) =>
  fetch(`${url}/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ circuit: 'midnight/dust/spend', preimage }),
  });

describe('without a key', () => {
  test.each(['/', '/health', '/ready', '/version', '/proof-versions', '/v1/sealing-key'])(
    '%s is answered',
    async (path) => {
      expect((await ask(path)).status).toBe(200);
    },
  );

  test.each([
    ['GET', '/v1/jobs'],
    ['GET', '/v1/info'],
    ['GET', '/v1/usage'],
    ['GET', '/v1/openapi.json'],
    ['GET', '/fetch-params/6'],
    ['GET', '/nowhere'],
    ['POST', '/'],
    ['POST', '/health'],
    ['POST', '/prove'],
    ['POST', '/check'],
    ['POST', '/prove-tx'],
    ['POST', '/k'],
    ['POST', '/v1/jobs'],
    ['DELETE', '/v1/jobs/7'],
    ['GET', '/v1/jobs/'],
    ['GET', '//v1/jobs'],
    ['GET', '/%761/jobs'],
    ['GET', '/V1/jobs'],
  ])('%s %s is not', async (method, path) => {
    const heard = await sendRaw(url, `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(statusesIn(heard)).toEqual([401]);
  });

  test('a page’s preflight is answered, and the page may read why it is not let in', async () => {
    const preflight = {
      origin: PAGE,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-api-key',
    };
    const answer = await ask('/v1/jobs', preflight, 'OPTIONS');
    expect([answer.status, answer.headers.get('access-control-allow-headers')]).toEqual([200, 'x-api-key']);
    const refused = await ask('/v1/jobs', { origin: PAGE });
    expect(refused.headers.get('access-control-allow-origin')).toBe(PAGE);
    await expectNotLetIn(refused);
  });
});

test('the key that was made is let in', async () => {
  expect((await withKey(secret.key)).status).toBe(200);
});

describe('a key is not let in that is', () => {
  const { key, apiKey } = secret;
  const [prefix, random] = [key.slice(0, 'nsk_live_'.length), key.slice('nsk_live_'.length)];
  test.each([
    ['forged', drawApiKey('secret').key],
    ['forged, with its end', `${prefix}${randomBytes(16).toString('base64url').slice(0, 21)}${random.slice(21)}`],
    ['one character short', key.slice(0, -1)],
    ['one character long', `${key}A`],
    ['off by one character', `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`],
    ['in other letters', key.toUpperCase()],
    ['of the other kind', key.replace('nsk_', 'nsp_')],
    ['without its prefix', random],
    ['its prefix', prefix],
    ['there twice', `${key}${key}`],
    ['there twice, with a comma', `${key}, ${key}`],
    ['behind a scheme', `Bearer ${key}`],
    ['in quotes', `"${key}"`],
    ['encoded', Buffer.from(key).toString('base64')],
    ['its hash', apiKey.sha256],
    ['its id', apiKey.id],
    ['its name in the table', `KEY#${apiKey.sha256}`],
    ['a pattern', '*'],
    ['a query', '{"$ne":null}'],
    ['as long as may be', 'a'.repeat(9000)],
  ])('%s', async (_, forged) => {
    await expectNotLetIn(await withKey(forged));
  });

  test('nothing', async () => {
    await expectNotLetIn(await withKey(''));
  });

  test('in another header, or in a cookie', async () => {
    const elsewhere: Record<string, string>[] = [
      { authorization: `Bearer ${key}` },
      { 'x-api_key': key },
      { 'x-apikey': key },
      { cookie: `x-api-key=${key}` },
      { 'x-original-x-api-key': key },
    ];
    for (const headers of elsewhere) await expectNotLetIn(await ask('/v1/jobs', headers));
  });
});

test('a key that has expired is not let in', async () => {
  const { key } = await issue({ validUntil: new Date(Date.now() - 1000).toISOString() });
  await expectNotLetIn(await withKey(key));
});

test('a key that runs out is let in until then', async () => {
  const { key } = await issue({ validUntil: new Date(Date.now() + 3000).toISOString() });
  expect((await withKey(key)).status).toBe(200);
  await vi.waitFor(async () => expect((await withKey(key)).status).toBe(401), { timeout: 20_000, interval: 200 });
});

test('a key that was revoked is let in no longer than its answer is kept, and never again', async () => {
  const { key, apiKey } = await issue();
  expect((await withKey(key)).status).toBe(200);
  await revokeKey(apiKey);
  const begun = performance.now();
  await vi.waitFor(async () => expect((await withKey(key)).status).toBe(401), { timeout: 20_000, interval: 100 });
  expect(performance.now() - begun).toBeLessThan(CACHE_SECONDS * 1000 + 5000);
  await expectNotLetIn(await withKey(key));
});

test('both keys are let in while one takes the place of the other', async () => {
  const old = await issue();
  const next = await rotateKey(old.apiKey, 3600);
  expect((await withKey(old.key)).status).toBe(200);
  expect((await withKey(`${next?.key}`)).status).toBe(200);
});

describe('a key in the address', () => {
  test.each(['/v1/jobs?api_key=KEY', '/v1/jobs?x-api-key=KEY', '/v1/jobs/KEY', '/KEY', '/v1/jobs?label=a:KEY'])(
    '%s counts for nothing, and with another one that works it is 400',
    async (path) => {
      const { key } = await issue();
      const target = path.replace('KEY', key);
      await expectNotLetIn(await ask(target));
      const refused = await ask(target, { 'x-api-key': secret.key });
      expect(refused.status).toBe(400);
      const text = await refused.text();
      expect(text).toContain('An API key stands in the address');
      expect(text).not.toContain(key);
    },
  );

  test('is refused at a public path, too', async () => {
    expect((await ask(`/health?key=${secret.key}`)).status).toBe(400);
  });
});

describe('headers that could be read in two ways', () => {
  const forged = drawApiKey('secret').key;
  const head = `GET /v1/jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\n`;

  test.each([
    ['a forged key before one that works', `X-API-Key: ${forged}\r\nX-API-Key: ${secret.key}\r\n`, 401],
    ['one that works before a forged key', `X-API-Key: ${secret.key}\r\nX-API-Key: ${forged}\r\n`, 401],
    ['the same key twice', `X-API-Key: ${secret.key}\r\nx-api-key: ${secret.key}\r\n`, 401],
    ['an empty key besides', `X-API-Key: \r\nX-API-Key: ${secret.key}\r\n`, 401],
    ['a space before the colon', `X-API-Key : ${secret.key}\r\n`, 400],
    ['a key in a second line', `X-API-Key: x\r\n ${secret.key}\r\n`, 400],
    ['a key behind a carriage return', `X-A: b\rX-API-Key: ${secret.key}\r\n`, 400],
    ['a key that goes with the connection', `Connection: x-api-key\r\nX-API-Key: ${secret.key}\r\n`, 401],
    ['an underscore', `X_API_Key: ${secret.key}\r\n`, 401],
  ])('%s', async (_, lines, status) => {
    expect(statusesIn(await sendRaw(url, `${head}${lines}\r\n`))).toEqual([status]);
  });

  test('a request hidden in the body of another is not answered', async () => {
    const hidden = `GET /v1/jobs HTTP/1.1\r\nHost: x\r\nX-API-Key: ${secret.key}\r\nConnection: close\r\n\r\n`;
    const post = `POST /v1/verify HTTP/1.1\r\nHost: x\r\nX-API-Key: ${forged}\r\n`;
    const both = `${post}Content-Length: ${hidden.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`;
    expect(statusesIn(await sendRaw(url, both))).toEqual([400]);
    // As long as it says, it is the body.
    const plain = `${post}Connection: close\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`;
    expect(statusesIn(await sendRaw(url, plain))).toEqual([401]);
  });

  test('headers that name another method or path change nothing', async () => {
    const overriding = {
      'x-http-method-override': 'DELETE',
      'x-original-url': '/health',
      'x-rewrite-url': '/health',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'localhost',
    };
    await expectNotLetIn(await ask('/v1/jobs', overriding));
    expect((await withKey(secret.key, overriding)).status).toBe(200);
  });

  test('a caller that claims to be one is not', async () => {
    const caller = JSON.stringify({ apiKey: randomUUID(), tenant: TENANT, scopes: SCOPES, limits: WISH.limits });
    await expectNotLetIn(await ask('/v1/jobs', { caller, 'x-amzn-authorizer-caller': caller }));
  });
});

describe('the emulated AWS behind it', () => {
  const SIGNED =
    'AWS4-HMAC-SHA256 Credential=test/20261122/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

  test('is not to be had by the headers of its services', async () => {
    const scan = {
      'x-amz-target': 'DynamoDB_20120810.Scan',
      'content-type': 'application/x-amz-json-1.0',
      authorization: SIGNED,
    };
    for (const path of ['/', '/prove', '/v1/jobs']) {
      const body = JSON.stringify({ TableName: outputs.TableName });
      const answer = await fetch(`${url}${path}`, { method: 'POST', headers: scan, body });
      await expectNotLetIn(answer);
    }
  });

  test.each([
    `/../../../../${outputs.BucketName}?list-type=2`,
    `/v1/../../../../../${outputs.BucketName}`,
    '/health/../v1/jobs',
    '/health%2f..%2fv1%2fjobs',
    '/%2e%2e/%2e%2e/%2e%2e/%2e%2e/_ministack/health',
    '/..%2f..%2f..%2f..%2f_ministack/reset',
    `http://127.0.0.1/${outputs.BucketName}`,
  ])('is not to be had by %s, nor anything else', async (path) => {
    const heard = await sendRaw(url, `GET ${path} HTTP/1.1\r\nHost: s3.localhost\r\nConnection: close\r\n\r\n`);
    expect(statusesIn(heard)).toEqual([400]);
    expect(heard).toContain('INVALID_REQUEST');
  });
});

describe('a publishable key', () => {
  const { key } = publishable;

  test('is taken from a page of its origin, and sees what was asked for with it', async () => {
    const taken = await submit({ 'x-api-key': key, origin: PAGE });
    expect(taken.status).toBe(202);
    const { id, links } = (await taken.json()) as { id: string; links: { self: string } };
    expect((await ask(links.self, { 'x-api-key': key, origin: PAGE })).status).toBe(200);
    const other = await submit({ 'x-api-key': secret.key });
    const { links: others } = (await other.json()) as { links: { self: string } };
    expect((await ask(others.self, { 'x-api-key': key, origin: PAGE })).status).toBe(404);
    expect((await ask(links.self, { 'x-api-key': secret.key })).status, id).toBe(200);
  });

  test.each([
    'null',
    'https://dapp.example.evil.example',
    'https://evildapp.example',
    'https://x.dapp.example',
    'http://dapp.example',
    'https://dapp.example:443',
    'https://dapp.example:8443',
    'https://dapp.example.',
    'https://dapp.example/',
    'https://DAPP.example',
    'HTTPS://dapp.example',
    'https://dapp.example, https://evil.example',
    'https://dapp.example https://evil.example',
    'https://dapp.example%00.evil.example',
    'https://dapp.example@evil.example',
    'https://evil.example#https://dapp.example',
    '*',
    '',
  ])('is not taken from a page of %j', async (origin) => {
    const answer = await withKey(key, { origin });
    expect([answer.status, await answer.json()]).toEqual([403, expect.objectContaining({ code: 'FORBIDDEN' })]);
  });

  test('is not taken without an origin, nor with two', async () => {
    expect((await withKey(key)).status).toBe(403);
    const head = `GET /v1/jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-API-Key: ${key}\r\n`;
    const two = await sendRaw(url, `${head}Origin: ${PAGE}\r\nOrigin: https://evil.example\r\n\r\n`);
    expect(statusesIn(two)).toEqual([403]);
  });

  test.each([
    ['POST', '/v1/batches'],
    ['POST', '/v1/contracts'],
    ['POST', '/v1/uploads'],
    ['GET', '/v1/usage'],
    ['GET', '/fetch-params/6'],
  ])('may not %s %s', async (method, path) => {
    const headers = { 'x-api-key': key, origin: PAGE, 'content-type': 'application/json' };
    const answer = await fetch(`${url}${path}`, { method, headers, ...(method === 'POST' && { body: '{}' }) });
    expect(answer.status).toBe(403);
  });
});

import { expect, inject, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const baseUrl = inject('baseUrl');

test('GET /v1/info tells what this server is, and what it takes', async () => {
  expect(await (await fetch(`${baseUrl}/v1/info`)).json()).toEqual({
    name: 'nightshift',
    version: packageJson.version,
    tenant: 'local',
    compatibleWith: { 'midnight-proof-server': '8.1.0' },
    proofVersions: ['V2'],
    zkirVersions: ['v2'],
    largestK: 19,
    developmentParameters: false,
    maxBodyBytes: expect.toSatisfy((bytes: number) => bytes > 4_000_000),
  });
});

test.each([
  ['GET', '/version', 200],
  ['GET', '/nope', 404],
  ['POST', '/prove', 400],
  ['POST', '/v1/jobs', 400],
  ['OPTIONS', '/prove', 200],
])('%s %s tells in a header which version answers', async (method, path, status) => {
  const headers = method === 'OPTIONS' ? { origin: 'http://127.0.0.1', 'access-control-request-method': 'POST' } : {};
  const response = await fetch(`${baseUrl}${path}`, { method, headers });
  expect(response.status).toBe(status);
  expect(response.headers.get('x-nightshift-version')).toBe(packageJson.version);
});

test('GET /v1/parameters tells which are at hand: what the prover carries, and what follows from that', async () => {
  const midnight = Array.from({ length: 15 }, (_, k) => k);
  expect(await (await fetch(`${baseUrl}/v1/parameters`)).json()).toMatchObject({ midnight });
});

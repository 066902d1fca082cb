import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { countBytes, gatewayBefore } from './gateway-before.ts';

const PAGE = 'https://dapp.example';

/** Sends the path and the headers as they are, which fetch would not. */
async function ask(url: string, path: string, headers: Record<string, string>, method = 'GET') {
  const { port } = new URL(url);
  const outgoing = request({ host: '127.0.0.1', port, path, method, headers }).end();
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return answer;
}

describe('Host', () => {
  test.each(['localhost', 'LOCALHOST:80', 'prover.localhost:6300', '127.0.0.1', '[::1]:6300'])(
    '%s is this machine',
    async (host) => {
      const { url } = await gatewayBefore(countBytes);
      expect((await ask(url, '/health', { host })).statusCode).toBe(200);
    },
  );

  test.each(['attacker.example', 'localhost.attacker.example', '127.0.0.1.nip.io', '192.168.0.1', 'localhost:80:90'])(
    '%s is not, and nothing is served under it',
    async (host) => {
      const { url, requests } = await gatewayBefore(countBytes);
      const answer = await ask(url, '/health', { host });
      expect(answer.statusCode).toBe(403);
      expect(await json(answer)).toMatchObject({ code: 'FORBIDDEN', detail: expect.stringContaining('localhost') });
      expect(requests).toEqual([]);
    },
  );
});

describe('Origin', () => {
  test.each(['/', '/prove', '/prove/', '/fetch-params/8', '/health?x=/v1/', '/v10'])(
    'a foreign page may ask %s',
    async (path) => {
      const { url } = await gatewayBefore(countBytes);
      expect((await ask(url, path, { origin: PAGE }, 'POST')).statusCode).toBe(200);
    },
  );

  test.each([
    '/v1',
    '/v1/',
    '/v1?x',
    '/v1/jobs',
    '/V1/jobs',
    '//v1/jobs',
    '/%761/jobs',
    '/prove/../v1/jobs',
    '/./v1/jobs',
    'http://localhost/v1/jobs',
  ])('but not %s', async (path) => {
    const { url, requests } = await gatewayBefore(countBytes);
    for (const method of ['GET', 'POST', 'OPTIONS', 'DELETE']) {
      const answer = await ask(url, path, { origin: PAGE, 'access-control-request-method': 'POST' }, method);
      expect(answer.statusCode).toBe(403);
      expect(answer.headers['content-type']).toBe('application/json');
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(await json(answer)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    }
    expect(requests).toEqual([]);
  });

  test.each(['null', 'http://127.0.0.1', 'http://localhost:1', 'file://'])(
    '%s is foreign to a server on another port',
    async (origin) => {
      const { url } = await gatewayBefore(countBytes);
      expect((await ask(url, '/v1/jobs', { origin })).statusCode).toBe(403);
    },
  );

  test('a page of an allowed origin may ask for everything, and read it', async () => {
    const { url } = await gatewayBefore(countBytes, { allowedOrigins: ['http://localhost:1', PAGE] });
    for (const method of ['GET', 'POST', 'OPTIONS', 'DELETE']) {
      expect((await ask(url, '/v1/jobs', { origin: PAGE }, method)).statusCode).toBe(200);
    }
  });

  test.each([
    'http://dapp.example',
    'https://dapp.example:8443',
    'https://x.dapp.example',
    'https://dapp.example.x',
    'null',
  ])('but none of %s, which only resembles it', async (origin) => {
    const { url, requests } = await gatewayBefore(countBytes, { allowedOrigins: [PAGE] });
    expect((await ask(url, '/v1/jobs', { origin })).statusCode).toBe(403);
    expect(requests).toEqual([]);
  });

  test('and no page under a foreign host name', async () => {
    const { url } = await gatewayBefore(countBytes, { allowedOrigins: [PAGE] });
    expect((await ask(url, '/v1/jobs', { origin: PAGE, host: 'dapp.example' })).statusCode).toBe(403);
  });

  test('a page of the server itself and a program may ask for everything', async () => {
    const { url } = await gatewayBefore(countBytes);
    expect((await ask(url, '/v1/jobs', { origin: url })).statusCode).toBe(200);
    expect((await ask(url, '/v1/jobs', {})).statusCode).toBe(200);
    expect((await ask(url, '/%761/jobs', {})).statusCode).toBe(200);
  });
});

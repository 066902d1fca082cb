import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { drawApiKey } from '../../../core/access/api-key.ts';
import { sendRaw, statusesIn } from '../../stack/raw-http.ts';
import { countBytes, gatewayBefore, STAGE } from './gateway-before.ts';

describe('a path', () => {
  test.each([
    '/..',
    '/../../../../_ministack/health',
    '/health/../../../../../bucket/witness/7',
    '/v1/./jobs',
    '/%2e%2e/%2E%2e/x',
    '/v1/..%2f..%2fx',
    '/v1/%2e%2e%5c..%5cx',
    '/..\\..\\x',
    '/.',
    'http://localhost/v1/jobs',
    '*',
  ])('%s could lead out of the API, and does not pass', async (path) => {
    const { url, requests } = await gatewayBefore(countBytes, { apiKey: undefined });
    const heard = await sendRaw(url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(statusesIn(heard)).toEqual([400]);
    expect(requests).toEqual([]);
  });

  test.each(['/v1/a..b', '/.well-known/x', '/v1/...', '//v1/jobs', '/v1/jobs?x=../..', '/a%2fb'])(
    '%s passes as it is',
    async (path) => {
      const { url, requests } = await gatewayBefore(countBytes, { apiKey: undefined });
      await sendRaw(url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      expect(requests.map((request) => request.url)).toEqual([`${STAGE}${path}`]);
    },
  );
});

describe('what passes', () => {
  test('bytes are the same at both ends, compressed ones too', async () => {
    const { url } = await gatewayBefore((incoming, answer) => {
      answer.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/octet-stream' });
      incoming.pipe(answer);
    });
    const content = randomBytes(300_000);
    const answer = await fetch(`${url}/prove`, { method: 'POST', body: gzipSync(content) });
    expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true);
  });

  test('method, path, query, status and headers', async () => {
    const { url, requests } = await gatewayBefore(
      (_incoming, answer) => {
        answer.writeHead(404, { 'set-cookie': ['a=1', 'b=2'], 'x-answer': 'yes' }).end();
      },
      { apiKey: undefined },
    );
    const answer = await fetch(`${url}/v1/jobs/a%2Fb?wait=1&wait=2`, {
      method: 'DELETE',
      headers: { 'x-api-key': 'k' },
    });
    expect(answer.status).toBe(404);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(answer.headers.get('x-answer')).toBe('yes');
    const [seen] = requests;
    expect([seen?.method, seen?.url]).toEqual(['DELETE', `${STAGE}/v1/jobs/a%2Fb?wait=1&wait=2`]);
    expect(seen?.headers).toMatchObject({ 'x-api-key': 'k', 'x-forwarded-for': '127.0.0.1' });
  });

  test('headers of the connection do not', async () => {
    const { url, requests } = await gatewayBefore((_incoming, answer) => {
      answer.writeHead(200, { connection: 'close, x-hop', 'x-hop': 'upstream', 'x-end': 'to end' }).end();
    });
    const headers = { connection: 'keep-alive, x-hop', 'x-hop': 'client', te: 'trailers', 'x-end': 'to end' };
    const [answer] = (await once(request(url, { headers }).end(), 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.headers).toMatchObject({ 'x-end': 'to end' });
    expect(answer.headers).not.toHaveProperty('x-hop');
    expect(requests[0]?.headers).toMatchObject({ 'x-end': 'to end' });
    expect(requests[0]?.headers).not.toHaveProperty('x-hop');
    expect(requests[0]?.headers).not.toHaveProperty('te');
  });

  test('what the emulated API needs to keep bytes intact is added where the client says nothing', async () => {
    const { url, requests } = await gatewayBefore(countBytes);
    const send = async (headers: Record<string, string>) => {
      const outgoing = request(url, { method: 'POST', headers }).end('x');
      const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
      answer.resume();
    };
    await send({});
    await send({ accept: 'text/plain', 'content-type': 'application/json' });
    expect(requests.map(({ headers }) => [headers.accept, headers['content-type']])).toEqual([
      ['*/*', 'application/octet-stream'],
      ['text/plain', 'application/json'],
    ]);
  });

  test('an answer streams', async () => {
    let finish = () => {};
    const { url } = await gatewayBefore((_incoming, answer) => {
      answer.write('first');
      finish = () => answer.end(' last');
    });
    const answer = await fetch(url);
    const chunks: string[] = [];
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      chunks.push(chunk);
      finish();
    }
    expect(chunks).toEqual(['first', ' last']);
  });

  test('a client that goes away takes its request with it', async () => {
    const arrived = Promise.withResolvers<IncomingMessage['socket']>();
    const { url } = await gatewayBefore((incoming) => arrived.resolve(incoming.socket));
    const client = new AbortController();
    const answer = fetch(url, { signal: client.signal });
    const upstreamClosed = once(await arrived.promise, 'close');
    client.abort();
    await expect(answer).rejects.toThrow('aborted');
    await upstreamClosed;
  });

  test('a line per request for the log: no query, no body', async () => {
    const lines: string[] = [];
    const { url, close } = await gatewayBefore(countBytes, { log: (line) => lines.push(line) });
    await (await fetch(`${url}/prove?token=secret`, { method: 'POST', body: 'secret' })).text();
    await close();
    expect(lines).toEqual([expect.stringMatching(/^POST \/prove 200 \d+ ms$/)]);
  });

  test('nor an API key that stands in the path', async () => {
    const lines: string[] = [];
    const { url, close } = await gatewayBefore(countBytes, { log: (line) => lines.push(line) });
    const { key } = drawApiKey('secret');
    await (await fetch(`${url}/v1/jobs/${key}/${key}`)).text();
    await close();
    expect(lines).toEqual([expect.stringMatching(/^GET \/v1\/jobs\/\[API key\]\/\[API key\] 200 /)]);
  });
});

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { API_PAYLOAD_BYTES, INVOKE_PAYLOAD_BYTES } from '../../core/limits.ts';
import { startGateway } from '../../local/gateway.ts';

const STAGE = '/restapis/abc/prod/_user_request_';
/** The largest body whose base64 form and some headers fit into a Lambda event. */
const LARGEST_BODY = Math.floor(((INVOKE_PAYLOAD_BYTES - 4096) / 4) * 3);

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A gateway before a server of our own, and what that server was asked. */
async function gatewayBefore(upstream: RequestListener, timeoutMs?: number) {
  const requests: IncomingMessage[] = [];
  const server = createServer((incoming, answer) => {
    requests.push(incoming);
    upstream(incoming, answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    await server[Symbol.asyncDispose]();
  };
  closers.push(async () => server.listening && close());
  const { port } = server.address() as AddressInfo;
  const gateway = await startGateway({
    port: 0,
    upstream: `http://127.0.0.1:${port}${STAGE}`,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  closers.push(gateway.close);
  return { url: gateway.url, requests, closeUpstream: close };
}

const countBytes: RequestListener = async (incoming, answer) => {
  answer.end(String((await buffer(incoming)).length));
};

describe('limits', () => {
  test('a body that fits into a Lambda event goes through', async () => {
    const { url } = await gatewayBefore(countBytes);
    const answer = await fetch(`${url}/prove`, { method: 'POST', body: Buffer.alloc(LARGEST_BODY) });
    expect([answer.status, await answer.text()]).toEqual([200, String(LARGEST_BODY)]);
  });

  test('one that in base64 exceeds it is 413, though API Gateway would take it', async () => {
    const { url, requests } = await gatewayBefore(countBytes);
    const body = Buffer.alloc(LARGEST_BODY + 4096);
    expect(body.length).toBeLessThan(API_PAYLOAD_BYTES);
    const answer = await fetch(`${url}/prove`, { method: 'POST', body });
    expect([answer.status, await answer.json()]).toEqual([413, { message: 'Request Too Long' }]);
    expect(requests).toEqual([]);
  });

  test('one that API Gateway refuses is 413 before it was sent', async () => {
    const { url, requests } = await gatewayBefore(countBytes);
    const outgoing = request(`${url}/prove`, {
      method: 'POST',
      headers: { 'content-length': String(API_PAYLOAD_BYTES + 1) },
    });
    outgoing.flushHeaders();
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    outgoing.on('error', () => {}).destroy();
    expect(answer.statusCode).toBe(413);
    expect(requests).toEqual([]);
  });

  test('so is one that never says how long it is, even if it is sent to its end', async () => {
    const { url, requests } = await gatewayBefore(countBytes);
    const outgoing = request(`${url}/prove`, { method: 'POST' });
    outgoing.end(Buffer.alloc(2 * API_PAYLOAD_BYTES));
    const [[answer]] = (await Promise.all([once(outgoing, 'response'), once(outgoing, 'finish')])) as [
      [IncomingMessage],
      [],
    ];
    expect([answer.statusCode, (await buffer(answer)).toString()]).toEqual([413, '{"message":"Request Too Long"}']);
    expect(requests).toEqual([]);
  });

  test('an answer that takes too long is 503 with Retry-After', async () => {
    const { url } = await gatewayBefore(() => {}, 20);
    const answer = await fetch(`${url}/prove`, { method: 'POST' });
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.json()).toEqual({ message: 'Endpoint request timed out' });
  });

  test('so is an upstream that is gone', async () => {
    const { url, closeUpstream } = await gatewayBefore(countBytes);
    await closeUpstream();
    expect((await fetch(`${url}/health`)).status).toBe(503);
  });
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
    const { url, requests } = await gatewayBefore((_incoming, answer) => {
      answer.writeHead(404, { 'set-cookie': ['a=1', 'b=2'], 'x-answer': 'yes' }).end();
    });
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
});

import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { describe, expect, test, vi } from 'vitest';
import { BODY_TOO_LARGE } from '../../../core/http/reference-words.ts';
import { API_HEADER_BYTES, API_PAYLOAD_BYTES, BYTES_PER_MB, MAX_BODY_BYTES } from '../../../core/limits.ts';
import { countBytes, gatewayBefore } from './gateway-before.ts';

/** What Lambda takes. */
const EVENT_BYTES = 6 * BYTES_PER_MB;
const PAGE = 'https://dapp.example';

describe('a body', () => {
  test('of the largest size fits into a Lambda event, with the largest headers in it twice, each character as two', () => {
    const inBase64 = Math.ceil(MAX_BODY_BYTES / 3) * 4;
    expect(EVENT_BYTES - inBase64 - 4 * API_HEADER_BYTES).toBeGreaterThan(64 * 1024);
  });

  test('of that size goes through', async () => {
    const { url } = await gatewayBefore(countBytes);
    const answer = await fetch(`${url}/prove`, { method: 'POST', body: Buffer.alloc(MAX_BODY_BYTES) });
    expect([answer.status, await answer.text()]).toEqual([200, String(MAX_BODY_BYTES)]);
  });

  test('of a byte more is 413, though API Gateway would take it', async () => {
    const { url, requests } = await gatewayBefore(countBytes);
    const body = Buffer.alloc(MAX_BODY_BYTES + 1);
    expect(body.length).toBeLessThan(API_PAYLOAD_BYTES);
    const answer = await fetch(`${url}/prove`, { method: 'POST', body });
    expect(answer.status).toBe(413);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toEqual({
      type: 'about:blank',
      title: 'Payload Too Large',
      status: 413,
      detail: BODY_TOO_LARGE,
      code: 'PAYLOAD_TOO_LARGE',
    });
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
    expect([answer.statusCode, await json(answer)]).toEqual([413, expect.objectContaining({ detail: BODY_TOO_LARGE })]);
    expect(requests).toEqual([]);
  });

  test('has the limit that the server was started with, if that is lower', async () => {
    const { url } = await gatewayBefore(countBytes, { maxPayloadBytes: 100 });
    const send = (bytes: number) => fetch(`${url}/prove`, { method: 'POST', body: Buffer.alloc(bytes) });
    expect((await send(100)).status).toBe(200);
    const refused = await send(101);
    expect(refused.status).toBe(413);
    expect(await refused.text()).toContain('up to 100 bytes (--max-payload-size)');
  });
});

describe('an upstream', () => {
  test('that takes too long is answered for with 503 with Retry-After', async () => {
    const { url } = await gatewayBefore(() => {}, { timeoutMs: 20 });
    const answer = await fetch(`${url}/prove`, { method: 'POST' });
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({ code: 'UNAVAILABLE', detail: expect.stringContaining('within 29 s') });
  });

  test('that is gone, too', async () => {
    const { url, closeUpstream } = await gatewayBefore(countBytes);
    await closeUpstream();
    expect((await fetch(`${url}/health`)).status).toBe(503);
  });
});

describe('a rate', () => {
  test('above the limit is 429 with Retry-After, until the second is over', async () => {
    const { url, requests } = await gatewayBefore(countBytes, { rateLimit: 2 });
    const answers = await Promise.all([1, 2, 3].map(() => fetch(`${url}/health`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
    expect(requests).toHaveLength(2);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get('retry-after')).toBe('1');
    expect(await refused?.json()).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
    await vi.waitFor(async () => expect((await fetch(`${url}/health`)).status).toBe(200), { timeout: 5_000 });
  });

  test('has no limit unless one is given', async () => {
    const { url } = await gatewayBefore(countBytes);
    const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(`${url}/health`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

test.each([
  ['413', { maxPayloadBytes: 0 }],
  ['429', { rateLimit: 0 }],
  ['503', { timeoutMs: 1 }],
])('a page may read what the gateway itself answers: %s', async (status, options) => {
  const { url } = await gatewayBefore(() => {}, options);
  const answer = await fetch(`${url}/prove`, { method: 'POST', body: 'x', headers: { origin: PAGE } });
  expect(String(answer.status)).toBe(status);
  expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE);
  expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After');
});

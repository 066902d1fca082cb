/** What comes in slowly, is too much or is no HTTP, on raw connections. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setInterval as ticks } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { API_HEADER_BYTES } from '../../../core/limits.ts';
import { readCertificate, selfSignedCertificate } from '../../../local/certificate.ts';
import { connectTo, heardOn, sendRaw, statusesIn } from '../../stack/raw-http.ts';
import { countBytes, gatewayBefore } from './gateway-before.ts';

const HEAD = 'POST /prove HTTP/1.1\r\nHost: localhost\r\n';

/** Sends a byte now and then for as long as it is let. */
async function trickle(connection: Socket, everyMs: number): Promise<void> {
  for await (const _ of ticks(everyMs)) {
    if (connection.destroyed || connection.writableEnded) return;
    connection.write('a');
  }
}

const SHORT = { headersMs: 200, requestMs: 400 };

describe('a client that sends a byte now and then', () => {
  test.each([
    ['of its headers', 'POST /prove HTTP/1.1\r\nHost: localhost\r\nX-Slow: '],
    ['of its body', `${HEAD}Content-Length: 1000000\r\n\r\n`],
    ['of a chunk', `${HEAD}Transfer-Encoding: chunked\r\n\r\nfffff\r\n`],
  ])('%s is cut off, and others are served meanwhile', async (_, beginning) => {
    const { url } = await gatewayBefore(countBytes, { patience: SHORT });
    const slow = await connectTo(url);
    const heard = heardOn(slow);
    let isOver = false;
    const over = heard.then(() => {
      isOver = true;
    });
    slow.write(beginning);
    const trickling = trickle(slow, 20);
    let served = 0;
    while (!isOver) {
      expect((await fetch(`${url}/health`)).status).toBe(200);
      served++;
    }
    await over;
    slow.destroy();
    await trickling;
    expect(served).toBeGreaterThan(3);
    expect(await heard).toMatch(/^HTTP\/1\.1 400 .*"code":"INVALID_REQUEST"/s);
    expect(await heard).toContain('took too long to arrive');
  });

  test('does not keep others out, however many there are of it', async () => {
    const { url } = await gatewayBefore(countBytes, { patience: SHORT });
    const slow = await Promise.all(Array.from({ length: 200 }, () => connectTo(url)));
    for (const connection of slow) connection.write(HEAD);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const heard = await Promise.all(slow.map(heardOn));
    for (const answer of heard) expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });
});

test('a client that says nothing at all is cut off, too', async () => {
  const { url } = await gatewayBefore(countBytes, { patience: SHORT });
  const silent = await connectTo(url);
  await once(silent.resume(), 'close');
});

describe('headers', () => {
  test('that are too large are refused, and whoever sent them told why', async () => {
    const { url, requests } = await gatewayBefore(countBytes);
    const heard = await sendRaw(url, `${HEAD}X-Large: ${'a'.repeat(API_HEADER_BYTES)}\r\n\r\n`);
    expect(heard).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(`${heard.split('\r\n\r\n')[1]}`)).toMatchObject({
      code: 'INVALID_REQUEST',
      detail: expect.stringContaining(`${API_HEADER_BYTES} bytes`),
    });
    expect(requests).toEqual([]);
  });

  test('that are many are, too', async () => {
    const { url } = await gatewayBefore(countBytes);
    const many = Array.from({ length: 2000 }, (_, n) => `a${n}: 1\r\n`).join('');
    expect(await sendRaw(url, `${HEAD}${many}\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('just below the limit pass', async () => {
    const { url } = await gatewayBefore(countBytes);
    const large = 'a'.repeat(API_HEADER_BYTES - 500);
    expect(await sendRaw(url, `${HEAD}Connection: close\r\nX-Large: ${large}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('what could be read in two ways is not passed on', () => {
  test.each([
    ['both lengths', `${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['two lengths', `${HEAD}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde`],
    ['a length that is none', `${HEAD}Content-Length: +4\r\n\r\nabcd`],
    ['an encoding that hides chunks', `${HEAD}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
    ['an encoding behind a space', `${HEAD}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`],
    ['a header in two lines', `${HEAD}X-API-Key: a\r\n b\r\n\r\n`],
    ['a bare line feed', `POST /prove HTTP/1.1\nHost: localhost\n\n`],
    ['a bare carriage return', `${HEAD}X-A: b\rX-API-Key: c\r\n\r\n`],
    ['a NUL in a header', `${HEAD}X-API-Key: a\0b\r\n\r\n`],
    ['a chunk of no size', `${HEAD}Transfer-Encoding: chunked\r\n\r\nx\r\n`],
    ['no Host', 'POST /prove HTTP/1.1\r\n\r\n'],
    ['no HTTP', 'hello\r\n\r\n'],
  ])('%s', async (_, bytes) => {
    const { url, requests } = await gatewayBefore(countBytes, { patience: SHORT });
    const heard = await sendRaw(url, bytes);
    expect(statusesIn(heard)).toEqual([400]);
    expect(requests).toEqual([]);
  });

  test('a second request that is none takes nothing from the answer to the first', async () => {
    const { url, requests } = await gatewayBefore(countBytes);
    const heard = await sendRaw(url, `${HEAD}Content-Length: 4\r\n\r\nabcdGARBAGE\r\n\r\n`);
    expect(requests.length).toBeLessThanOrEqual(1);
    expect(statusesIn(heard).length).toBeLessThanOrEqual(1);
  });
});

test('TLS is spoken with a certificate, and nothing else on that port', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-tls-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const certificate = await readCertificate(await selfSignedCertificate(folder, '127.0.0.1'));
  const { url, requests } = await gatewayBefore(countBytes, { certificate });
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const outgoing = request(`${url}/prove`, { method: 'POST', ca: certificate.cert, headers: { origin: url } });
  const [answer] = (await once(outgoing.end('four'), 'response')) as [IncomingMessage];
  expect([answer.statusCode, await text(answer)]).toEqual([200, '4']);
  expect(requests[0]?.headers).toMatchObject({ 'x-forwarded-proto': 'https' });
  await expect(fetch(url.replace('https', 'http'))).rejects.toThrow();
});

test('where keys are asked for, they pass as they come, and neither Host nor Origin counts', async () => {
  const { url, requests } = await gatewayBefore(countBytes, { apiKey: undefined });
  const { port } = new URL(url);
  const head = `GET /v1/jobs HTTP/1.1\r\nHost: prover.lan:${port}\r\nOrigin: https://dapp.example\r\n`;
  expect(await sendRaw(url, `${head}X-API-Key: one\r\nX-API-Key: other\r\nConnection: close\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 200 /,
  );
  expect(requests[0]?.headers).toMatchObject({ 'x-api-key': 'one, other', origin: 'https://dapp.example' });
});

test('the limit on requests is one on those without a key, where keys are asked for', async () => {
  const { url } = await gatewayBefore(countBytes, { apiKey: undefined, rateLimit: 1 });
  const statuses = async (headers: Record<string, string>) => {
    const answers = await Promise.all([1, 2, 3].map(() => fetch(`${url}/health`, { headers })));
    return answers.map(({ status }) => status).toSorted();
  };
  expect(await statuses({ 'x-api-key': 'any' })).toEqual([200, 200, 200]);
  expect(await statuses({})).toEqual([200, 429, 429]);
});

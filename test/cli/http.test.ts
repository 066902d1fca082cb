import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../cli/error.ts';
import { send } from '../../cli/http.ts';
import { startServer, urlOf } from './server.ts';

const TIMEOUT_MS = 10_000;

const problem = (code: string, detail: string) => JSON.stringify({ type: 'about:blank', status: 400, code, detail });

test('a good answer is the answer', async () => {
  const url = await urlOf(async (incoming, answer) => answer.end(`got ${await text(incoming)}`));
  const response = await send(url, { method: 'POST', body: 'this', timeoutMs: TIMEOUT_MS });
  expect(await response.text()).toBe('got this');
});

describe('an answer that refuses', () => {
  test('has its code and its detail', async () => {
    const url = await urlOf((_, answer) => answer.writeHead(400).end(problem('INVALID_CIRCUIT', 'No ZKIR.')));
    await expect(send(url, { timeoutMs: TIMEOUT_MS })).rejects.toMatchObject({
      code: 'INVALID_CIRCUIT',
      message: 'No ZKIR.',
      exitCode: EXIT.refused,
    });
  });

  test.each([
    [404, '', /^http:.*\/v1\/contracts answered 404 Not Found$/],
    [413, 'Body too large', /answered 413 Payload Too Large: Body too large$/],
    [403, '{"message":"Forbidden"}', /answered 403 Forbidden: {"message":"Forbidden"}$/],
  ])('%s without a problem is told as it came', async (status, body, message) => {
    const url = await urlOf((_, answer) => answer.writeHead(status).end(body));
    await expect(send(`${url}/v1/contracts`, { timeoutMs: TIMEOUT_MS })).rejects.toMatchObject({
      code: 'UNEXPECTED_ANSWER',
      message: expect.stringMatching(message),
      exitCode: EXIT.refused,
    });
  });

  test('in the form of the compatible endpoints has its code and its detail, too', async () => {
    const url = await urlOf((_, answer) => answer.writeHead(400).end('PARAMS_UNAVAILABLE: No source.\nTry again.'));
    await expect(send(url, { timeoutMs: TIMEOUT_MS })).rejects.toMatchObject({
      code: 'PARAMS_UNAVAILABLE',
      message: 'No source.\nTry again.',
    });
  });

  test('because it is at work is asked again when it says, as often as it takes', async () => {
    const asked: number[] = [];
    const url = await urlOf((_, answer) => {
      asked.push(performance.now());
      answer.writeHead(asked.length < 7 ? 503 : 200, { 'retry-after': '0.1' }).end();
    });
    expect((await send(url, { timeoutMs: TIMEOUT_MS })).status).toBe(200);
    const pauses = asked.slice(1).map((at, n) => at - (asked[n] as number));
    for (const pause of pauses) expect(pause).toBeGreaterThan(95);
  });

  test('because it is busy is asked again, with the same body', async () => {
    const bodies: string[] = [];
    const url = await urlOf(async (incoming, answer) => {
      bodies.push(await text(incoming));
      answer.writeHead(bodies.length < 3 ? 503 : 200).end();
    });
    expect((await send(url, { method: 'POST', body: 'this', timeoutMs: TIMEOUT_MS })).status).toBe(200);
    expect(bodies).toEqual(['this', 'this', 'this']);
  });
});

describe('a server that', () => {
  test('hangs up is asked again', async () => {
    let requests = 0;
    const url = await urlOf((incoming, answer) => {
      requests++;
      if (requests === 1) incoming.destroy();
      else answer.end();
    });
    expect((await send(url, { timeoutMs: TIMEOUT_MS })).status).toBe(200);
  });

  test('is not there is unreachable', async () => {
    const { url, close } = await startServer(() => {});
    await close();
    await expect(send(url, { timeoutMs: TIMEOUT_MS })).rejects.toMatchObject({
      code: 'UNREACHABLE',
      exitCode: EXIT.unreachable,
      message: expect.stringMatching(`${url} can't be reached: connect ECONNREFUSED`),
    });
  });

  test('does not answer in time is unreachable', async () => {
    let requests = 0;
    const url = await urlOf(() => {
      requests++;
    });
    await expect(send(url, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('no answer within 0.1 s'),
    });
    expect(requests).toBe(1);
  });
});

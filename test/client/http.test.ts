import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { NightshiftError } from '../../client/error.ts';
import { type Answer, send } from '../../client/http.ts';
import { startServer, urlOf } from '../cli/server.ts';

const TIMEOUT_MS = 10_000;

const problem = (code: string, detail: string, instance?: string) =>
  JSON.stringify({ type: 'about:blank', status: 400, code, detail, instance });

const read = ({ body }: Answer) => new TextDecoder().decode(body);

/** The pauses between the times at which something happened. */
const pausesOf = (times: number[]) => times.slice(1).map((at, n) => at - (times[n] as number));

test('a good answer is the answer', async () => {
  const url = await urlOf(async (incoming, answer) => {
    answer.setHeader('x-nightshift-version', '1');
    answer.end(`got ${await text(incoming)}`);
  });
  const answer = await send(url, { method: 'POST', body: 'this', timeoutMs: TIMEOUT_MS });
  expect(read(answer)).toBe('got this');
  expect(answer.headers.get('x-nightshift-version')).toBe('1');
});

describe('an answer that refuses', () => {
  test('has its code, its detail and its job', async () => {
    const refused = problem('PROOF_NOT_READY', 'It is queued.', '/v1/jobs/a-job');
    const url = await urlOf((_, answer) => answer.writeHead(409).end(refused));
    const error = await send(url, { timeoutMs: TIMEOUT_MS }).catch((error) => error);
    expect(error).toBeInstanceOf(NightshiftError);
    expect(error).toMatchObject({ code: 'PROOF_NOT_READY', message: 'It is queued.', status: 409, jobId: 'a-job' });
  });

  test('with a code that this client does not know has it all the same', async () => {
    const url = await urlOf((_, answer) => answer.writeHead(402).end(problem('PAYMENT_REQUIRED', 'No credit.')));
    await expect(send(url, { timeoutMs: TIMEOUT_MS })).rejects.toMatchObject({ code: 'PAYMENT_REQUIRED' });
  });

  test.each([
    [404, '', /^http:.*\/v1\/contracts answered 404 Not Found$/],
    [413, 'Body too large', /answered 413 Payload Too Large: Body too large$/, 'PAYLOAD_TOO_LARGE'],
    [403, '{"message":"Forbidden"}', /answered 403 Forbidden: {"message":"Forbidden"}$/],
  ])('%s without a problem is told as it came', async (status, body, message, code = 'UNEXPECTED_ANSWER') => {
    const url = await urlOf((_, answer) => answer.writeHead(status).end(body));
    await expect(send(`${url}/v1/contracts?X-Amz-Signature=secret`, { timeoutMs: TIMEOUT_MS })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      status,
    });
  });

  test('in the form of the compatible endpoints has its code and its detail, too', async () => {
    const url = await urlOf((_, answer) => answer.writeHead(400).end('PARAMS_UNAVAILABLE: No source.\nTry again.'));
    await expect(send(url, { timeoutMs: TIMEOUT_MS })).rejects.toMatchObject({
      code: 'PARAMS_UNAVAILABLE',
      message: 'No source.\nTry again.',
    });
  });

  test.each([400, 401, 403, 404, 409, 410, 413, 500])('with %s is not asked again', async (status) => {
    let requests = 0;
    const url = await urlOf((_, answer) => {
      requests++;
      answer.writeHead(status, { 'retry-after': '0' }).end(problem('INTERNAL', 'No.'));
    });
    await expect(send(url, { timeoutMs: TIMEOUT_MS })).rejects.toMatchObject({ status });
    expect(requests).toBe(1);
  });
});

test.each([
  [503, 'PARAMS_UNAVAILABLE'],
  [504, 'TIMEOUT'],
])('%s with a code of Nightshift’s is its last word: it is not asked again', async (status, code) => {
  let requests = 0;
  const url = await urlOf((_, answer) => {
    requests++;
    answer.writeHead(status).end(problem(code, 'It took too long.'));
  });
  await expect(send(url, { timeoutMs: TIMEOUT_MS })).rejects.toMatchObject({ code, status });
  expect(requests).toBe(1);
});

test('500 that says when to ask again is asked a few times', async () => {
  const asked: number[] = [];
  const url = await urlOf((_, answer) => {
    asked.push(performance.now());
    answer.writeHead(asked.length < 2 ? 500 : 200, { 'retry-after': '1' }).end(problem('INTERNAL', 'A fault.'));
  });
  await send(url, { timeoutMs: TIMEOUT_MS });
  expect(asked).toHaveLength(2);
  expect(pausesOf(asked)[0]).toBeGreaterThan(995);
});

describe('an answer that is busy', () => {
  test.each([429, 502, 503, 504])('with %s is asked again, with the same body, ever more slowly', async (status) => {
    const bodies: string[] = [];
    const asked: number[] = [];
    const url = await urlOf(async (incoming, answer) => {
      asked.push(performance.now());
      bodies.push(await text(incoming));
      answer.writeHead(bodies.length < 3 ? status : 200).end();
    });
    await send(url, { method: 'POST', body: 'this', timeoutMs: TIMEOUT_MS });
    expect(bodies).toEqual(['this', 'this', 'this']);
    const [first = 0, second = 0] = pausesOf(asked);
    expect(first).toBeGreaterThan(295);
    expect(second).toBeGreaterThan(595);
  });

  test.each([
    [429, ''],
    [503, problem('PARAMS_UNAVAILABLE', 'On their way.')],
    [504, problem('TIMEOUT', 'The check goes on.')],
  ])('with %s and says when to ask again is asked then, as often as it takes', async (status, body) => {
    const asked: number[] = [];
    const url = await urlOf((_, answer) => {
      asked.push(performance.now());
      if (asked.length < 7) answer.writeHead(status, { 'retry-after': '0.1' }).end(body);
      else answer.end();
    });
    await send(url, { timeoutMs: TIMEOUT_MS });
    for (const pause of pausesOf(asked)) expect(pause).toBeGreaterThan(95);
  });

  test.each([502, 503, 504])('with %s that is not Nightshift’s is given up soon, whatever it says', async (status) => {
    const headers = { 'retry-after': '60' };
    const fetch = vi.fn(async () => new Response('<html>', { status, headers }));
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const sent = send('http://127.0.0.1:9', { timeoutMs: TIMEOUT_MS, fetch });
    const refused = expect(sent).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER', status });
    await vi.advanceTimersByTimeAsync(9_000);
    await refused;
    expect(fetch).toHaveBeenCalledTimes(5);
  });

  test('with UNAVAILABLE is the gateway’s, and given up soon', async () => {
    const fetch = vi.fn(
      async () => new Response(problem('UNAVAILABLE', 'No answer.'), { status: 503, headers: { 'retry-after': '2' } }),
    );
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const sent = send('http://127.0.0.1:9', { timeoutMs: TIMEOUT_MS, fetch });
    const refused = expect(sent).rejects.toMatchObject({ code: 'UNAVAILABLE', status: 503 });
    await vi.advanceTimersByTimeAsync(9_000);
    await refused;
    expect(fetch).toHaveBeenCalledTimes(5);
  });

  test('is not asked again after the time that there is for it', async () => {
    let requests = 0;
    const url = await urlOf((_, answer) => {
      requests++;
      answer.writeHead(429, { 'retry-after': '0.2' }).end(problem('QUEUE_FULL', 'Too many jobs wait.'));
    });
    const sent = send(url, { timeoutMs: TIMEOUT_MS, retryForMs: 500 });
    await expect(sent).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    expect([2, 3]).toContain(requests);
  });

  test('because the queue is full is asked again', async () => {
    let requests = 0;
    const url = await urlOf((_, answer) => {
      answer.writeHead(++requests > 1 ? 200 : 429).end(problem('QUEUE_FULL', 'Too many jobs wait.'));
    });
    await send(url, { timeoutMs: TIMEOUT_MS });
    expect(requests).toBe(2);
  });

  test('because the queue is full is not asked again by who would rather not wait', async () => {
    let requests = 0;
    const url = await urlOf((_, answer) => {
      requests++;
      answer.writeHead(429, { 'retry-after': '1' }).end(problem('QUEUE_FULL', 'Too many jobs wait.'));
    });
    const asked = send(url, { timeoutMs: TIMEOUT_MS, failsWhenFull: true });
    await expect(asked).rejects.toMatchObject({ code: 'QUEUE_FULL', status: 429 });
    expect(requests).toBe(1);
  });

  test('and says at what time to ask again is asked then', async () => {
    let askAt = 0;
    const asked: number[] = [];
    const url = await urlOf((_, answer) => {
      asked.push(Date.now());
      // HTTP dates have whole seconds.
      askAt ||= Math.ceil(Date.now() / 1000 + 1) * 1000;
      answer.writeHead(asked.length < 2 ? 429 : 200, { 'retry-after': new Date(askAt).toUTCString() }).end();
    });
    await send(url, { timeoutMs: TIMEOUT_MS });
    expect(asked).toHaveLength(2);
    expect(asked[1]).toBeGreaterThanOrEqual(askAt - 5);
  });

  test('for longer than anybody waits is told at once', async () => {
    const url = await urlOf((_, answer) => answer.writeHead(429, { 'retry-after': '86400' }).end());
    await expect(send(url, { timeoutMs: TIMEOUT_MS })).rejects.toMatchObject({ status: 429 });
  });

  test('makes clients that were told the same come back one by one', async () => {
    const asked: number[] = [];
    const url = await urlOf((_, answer) => {
      asked.push(performance.now());
      answer.writeHead(asked.length <= 20 ? 429 : 200, { 'retry-after': '0.2' }).end();
    });
    await Promise.all(Array.from({ length: 20 }, () => send(url, { timeoutMs: TIMEOUT_MS })));
    const again = asked.slice(20);
    expect(Math.max(...again) - Math.min(...again)).toBeGreaterThan(40);
  });
});

describe('a redirection', () => {
  test.each([302, 307, 308])('%s takes nothing along to where it leads', async (status) => {
    const reached: string[] = [];
    const elsewhere = await urlOf(async (incoming, answer) => {
      reached.push(await text(incoming));
      answer.end();
    });
    const url = await urlOf((_, answer) => answer.writeHead(status, { location: `${elsewhere}/v1/jobs` }).end());
    const headers = new Headers({ 'x-api-key': 'secret' });
    const sent = send(`${url}/v1/jobs`, { method: 'POST', headers, body: 'the witness', timeoutMs: TIMEOUT_MS });
    await expect(sent).rejects.toMatchObject({
      code: 'UNEXPECTED_ANSWER',
      message: `${url} redirects to ${elsewhere}: name that address.`,
      status,
    });
    expect(reached).toEqual([]);
  });

  test('of which a page sees nothing is told as that', async () => {
    const opaque = Object.defineProperties(Response.error(), { type: { value: 'opaqueredirect' } });
    const sent = send('https://nightshift.example/v1/info', { timeoutMs: TIMEOUT_MS, fetch: async () => opaque });
    await expect(sent).rejects.toMatchObject({
      code: 'UNEXPECTED_ANSWER',
      message: 'https://nightshift.example redirects: name the address that it leads to.',
      status: undefined,
    });
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
    await send(url, { timeoutMs: TIMEOUT_MS });
    expect(requests).toBe(2);
  });

  test('hangs up in the middle of its answer is asked again', async () => {
    let requests = 0;
    const url = await urlOf((_, answer) => {
      requests++;
      answer.writeHead(200, { 'content-length': '6' });
      if (requests === 1) answer.write('pro', () => answer.destroy());
      else answer.end('proven');
    });
    expect(read(await send(url, { timeoutMs: TIMEOUT_MS }))).toBe('proven');
    expect(requests).toBe(2);
  });

  test('is not there is unreachable', async () => {
    const { url, close } = await startServer(() => {});
    await close();
    await expect(send(url, { timeoutMs: TIMEOUT_MS })).rejects.toMatchObject({
      code: 'UNREACHABLE',
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

  test('does not answer in time is asked again where that is free', async () => {
    let requests = 0;
    const url = await urlOf((_, answer) => {
      if (++requests > 1) answer.end();
    });
    await send(url, { timeoutMs: 100, patient: true });
    expect(requests).toBe(2);
  });

  test('can’t be reached for minutes is asked again where that is free', async () => {
    const fetch = vi.fn(async () => {
      throw new TypeError('fetch failed', { cause: new Error('other side closed') });
    });
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const sent = send('http://127.0.0.1:9', { timeoutMs: TIMEOUT_MS, patient: true, fetch });
    const givenUp = expect(sent).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await vi.advanceTimersByTimeAsync(280_000);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(20_000);
    await givenUp;
    expect(fetch.mock.calls.length).toBeGreaterThan(30);
  });

  test('can’t be reached by a page may have refused its origin', async () => {
    const fetch = vi.fn(async () => {
      throw new TypeError('Failed to fetch');
    });
    const sent = send('http://127.0.0.1:6300', { timeoutMs: TIMEOUT_MS, retryForMs: 0, fetch });
    await expect(sent).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('npm start -- --allow-origin'),
    });
  });

  test('begins an answer and does not end it in time is unreachable', async () => {
    const url = await urlOf((_, answer) => answer.writeHead(200, { 'content-length': '6' }).write('pro'));
    await expect(send(url, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('no answer within 0.1 s'),
    });
  });
});

describe('a signal that aborts', () => {
  const reason = new Error('The user closed the dialog.');

  test('before anything is sent: nothing is', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>();
    const sent = send('http://127.0.0.1:9', { timeoutMs: TIMEOUT_MS, signal: AbortSignal.abort(reason), fetch });
    await expect(sent).rejects.toBe(reason);
    expect(fetch).not.toHaveBeenCalled();
  });

  test('without a reason rejects with an AbortError, as fetch does', async () => {
    const sent = send('http://127.0.0.1:9', { timeoutMs: TIMEOUT_MS, signal: AbortSignal.abort() });
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('while the server is at work ends the request', async () => {
    const controller = new AbortController();
    const { promise: hungUp, resolve } = Promise.withResolvers<void>();
    const url = await urlOf((incoming) => {
      incoming.once('close', resolve);
      controller.abort(reason);
    });
    await expect(send(url, { timeoutMs: TIMEOUT_MS, signal: controller.signal })).rejects.toBe(reason);
    await hungUp;
  });

  describe.each([false, true])('where requests are seen through: %s', (seenThrough) => {
    test.each([{ 'retry-after': '60' }, {}])('between two attempts there is no second one: %o', async (headers) => {
      const controller = new AbortController();
      let requests = 0;
      const url = await urlOf((_, answer) => {
        requests++;
        answer.writeHead(429, headers).end();
        answer.once('close', () => nextTurn().then(() => controller.abort(reason)));
      });
      const sent = send(url, { timeoutMs: TIMEOUT_MS, signal: controller.signal, seenThrough });
      await expect(sent).rejects.toBe(reason);
      expect(requests).toBe(1);
    });
  });

  test('between two attempts ends it at once, also where requests are seen through', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const controller = new AbortController();
    const fetch = async () => new Response(null, { status: 429 });
    const { signal } = controller;
    const sent = send('http://127.0.0.1:9', { timeoutMs: TIMEOUT_MS, signal, seenThrough: true, fetch });
    while (vi.getTimerCount() === 0) await nextTurn();
    await vi.advanceTimersByTimeAsync(100);
    controller.abort(reason);
    await expect(sent).rejects.toBe(reason);
  });

  test('while the server is at work leaves a request that is to be seen through to its answer', async () => {
    const controller = new AbortController();
    const url = await urlOf((_, answer) => {
      controller.abort(reason);
      answer.end('done');
    });
    const sent = send(url, { timeoutMs: TIMEOUT_MS, signal: controller.signal, seenThrough: true });
    expect(read(await sent)).toBe('done');
  });
});

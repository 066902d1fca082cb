/** What the client asks, and what it makes of answers, with a server that does as the test says. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Job, type ListedJob, Nightshift, type SubmitOptions } from '../../client/index.ts';
import { urlOf } from '../cli/server.ts';
import { withSealingKey } from './sealing-server.ts';

const CIRCUIT = 'midnight/dust/spend';
const PREIMAGE = Uint8Array.of(1, 2, 255);
const request = { circuit: CIRCUIT, preimage: PREIMAGE };

interface Asked {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

type Answer = { status?: number; headers?: Record<string, string>; json?: unknown; bytes?: Uint8Array } | 'hang up';

/** A server that notes what it is asked, and a client for it. */
async function serving(answerTo: (asked: Asked) => Answer | Promise<Answer>, prefix = '') {
  const asked: Asked[] = [];
  const answers = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = '', url: path = '', headers } = incoming;
    const one = { method, path, headers, body: await buffer(incoming) };
    asked.push(one);
    const answer = await answerTo(one);
    if (answer === 'hang up') return outgoing.destroy();
    outgoing.writeHead(answer.status ?? 200, answer.headers);
    outgoing.end(answer.bytes ?? JSON.stringify(answer.json));
  };
  const url = await urlOf(withSealingKey(answers));
  const nightshift = new Nightshift({ url: url + prefix, apiKey: 'key', headers: { 'x-tenant': 'seven' } });
  return { nightshift, asked, lines: () => asked.map(({ method, path }) => `${method} ${path}`) };
}

function job(id: string, state: Job['state'], more: Partial<Job> = {}): Job {
  const self = `/v1/jobs/${id}`;
  return {
    id,
    operation: 'prove',
    state,
    circuit: CIRCUIT,
    lane: 'medium',
    createdAt: '2026-01-01T00:00:00.000Z',
    attempts: 0,
    links: { self, proof: `${self}/proof` },
    ...more,
  };
}

const bodyOf = ({ body }: Asked) => JSON.parse(body.toString());
const problem = (status: number, code: string): Answer => ({ status, json: { code, detail: 'Because.' } });

describe('a request', () => {
  test('carries the key and the headers, below the path that the address has', async () => {
    const { nightshift, asked } = await serving(() => problem(404, 'JOB_NOT_FOUND'), '/prod/');
    await expect(nightshift.job('one')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND', jobId: 'one' });
    expect(asked).toMatchObject([
      { path: '/prod/v1/jobs/one', headers: { 'x-api-key': 'key', 'x-tenant': 'seven', accept: 'application/json' } },
    ]);
  });

  test('names no other path than it should, whatever the id', async () => {
    const { nightshift, lines } = await serving(() => problem(404, 'JOB_NOT_FOUND'));
    await expect(nightshift.cancel('../contracts/1?a=b')).rejects.toThrow();
    expect(lines()).toEqual(['DELETE /v1/jobs/..%2Fcontracts%2F1%3Fa%3Db']);
  });

  test('that can be none is refused before it is sent', () => {
    expect(() => new Nightshift({ url: 'nightshift' })).toThrow(TypeError);
    expect(() => new Nightshift({ url: 'http://127.0.0.1:9', apiKey: 'one\ntwo' })).toThrow(TypeError);
  });

  test('that is answered in another shape is told as that', async () => {
    const { nightshift } = await serving(() => ({ json: { id: 7 } }));
    await expect(nightshift.job('one')).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
  });

  test('is sent through the fetch that is given', async () => {
    const fetch = async () => Response.json(job(id, 'queued'));
    const id = randomUUID();
    expect(await new Nightshift({ url: 'http://nowhere.invalid', fetch }).job(id)).toMatchObject({ id });
  });
});

describe('submit', () => {
  test('sends bytes as base64 and big numbers as decimals', async () => {
    const { nightshift, asked } = await serving((one) => ({ status: 202, json: job(bodyOf(one).id, 'queued') }));
    const [id, labels] = [randomUUID(), { a: 'b' }];
    await nightshift.submit({ ...request, id, bindingInput: 2n ** 70n, deadlineSeconds: 5, lane: 'large', labels });
    expect(asked.map(bodyOf)).toEqual([
      {
        circuit: CIRCUIT,
        sealed: expect.stringMatching(/^[\w+/]{100,}=*$/),
        id,
        bindingInput: '1180591620717411303424',
        deadlineSeconds: 5,
        lane: 'large',
        labels,
      },
    ]);
  });

  test('has a key of its own, which stays the same when the request is sent again', async () => {
    let requests = 0;
    const { nightshift, asked } = await serving(() => {
      if (++requests === 1) return 'hang up';
      if (requests === 2) return { status: 503, headers: { 'retry-after': '0.01' } };
      return { status: 202, json: job(randomUUID(), 'queued') };
    });
    await nightshift.submit(request);
    await nightshift.submit(request);
    await nightshift.submitBatch([request]).catch(() => {});
    const keys = asked.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([keys[0], keys[0], keys[0], expect.any(String), expect.any(String)]);
    expect(new Set(keys).size).toBe(3);
    expect(asked[2]?.body).toEqual(asked[0]?.body);
  });

  test('is not sent again once the deadline of its job has passed', async () => {
    const { nightshift, asked } = await serving(() => ({
      status: 429,
      headers: { 'retry-after': '0.6' },
      json: { code: 'QUEUE_FULL', detail: 'Too many jobs wait.' },
    }));
    for (const submit of [
      () => nightshift.submit({ ...request, deadlineSeconds: 1 }),
      () => nightshift.submitTagged(PREIMAGE, { deadlineSeconds: 1 }),
    ]) {
      asked.length = 0;
      await expect(submit()).rejects.toMatchObject({ code: 'QUEUE_FULL' });
      expect(asked).toHaveLength(2);
    }
  });

  test('takes the key that is given', async () => {
    const { nightshift, asked } = await serving(() => ({ status: 202, json: job(randomUUID(), 'queued') }));
    await nightshift.submit(request, { idempotencyKey: 'mine' });
    expect(asked[0]?.headers['idempotency-key']).toBe('mine');
  });

  test('of tagged bytes sends them as they are, and the rest in the query', async () => {
    const { nightshift, asked } = await serving(() => ({ status: 202, json: job(randomUUID(), 'queued') }));
    await nightshift.submitTagged(PREIMAGE, { deadlineSeconds: 5, labels: { a: 'b', 'c d': 'e:f&g' } });
    expect(asked).toMatchObject([
      {
        method: 'POST',
        path: '/v1/jobs?deadlineSeconds=5&label=a%3Ab&label=c+d%3Ae%3Af%26g',
        headers: { 'content-type': 'application/octet-stream', 'idempotency-key': expect.any(String) },
        body: Buffer.from(PREIMAGE),
      },
    ]);
  });
});

describe('prove', () => {
  const proven = { proof: 'AQID', statement: ['1', '2'] };

  test('waits by long polls until the job has ended', async () => {
    let polls = 0;
    const { nightshift, lines } = await serving(({ method, path }) => {
      const id = path.split(/[/?]/)[3] ?? '';
      if (method === 'POST') return { status: 202, json: job(randomUUID(), 'queued') };
      return { json: ++polls < 3 ? job(id, 'proving') : job(id, 'succeeded', proven) };
    });
    const { proof, statement, job: ended } = await nightshift.prove(request);
    expect([proof, statement]).toEqual([Uint8Array.of(1, 2, 3), ['1', '2']]);
    const poll = `GET /v1/jobs/${ended.id}?wait=25`;
    expect(lines()).toEqual(['POST /v1/jobs', poll, poll, poll]);
  });

  test('with progress is told of each state', async () => {
    const states: Job['state'][] = ['proving', 'proving', 'succeeded'];
    const id = randomUUID();
    const { nightshift, asked } = await serving((one) => {
      return { json: one.method === 'POST' ? job(id, 'queued') : job(id, states.shift() ?? 'failed', proven) };
    });
    const told: Job['state'][] = [];
    await nightshift.prove(request, { onProgress: ({ state }) => told.push(state) });
    expect(told).toEqual(['queued', 'proving', 'proving', 'succeeded']);
    const queries = asked.slice(1).map(({ path }) => path.split('?')[1]);
    expect(queries).toEqual(['wait=25&after=queued', 'wait=25&after=proving', 'wait=25&after=proving']);
  });

  test('fetches a proof that is too large for the job', async () => {
    const { nightshift } = await serving((one) => {
      if (one.path.endsWith('/proof')) return { bytes: Uint8Array.of(4, 5) };
      return { json: job(randomUUID(), 'succeeded', { statement: ['1'] }) };
    });
    expect((await nightshift.prove(request)).proof).toEqual(Uint8Array.of(4, 5));
  });

  test.each(['failed', 'cancelled', 'expired'] as const)('of a job that ends %s rejects with why', async (state) => {
    const error = { code: 'OUT_OF_MEMORY', message: 'Take a larger lane.' } as const;
    const { nightshift } = await serving((one) => ({ json: job(bodyOf(one).id, state, { error }) }));
    const id = randomUUID();
    await expect(nightshift.prove({ ...request, id })).rejects.toMatchObject({ ...error, jobId: id });
  });

  test('that loses the server says which job it was about', async () => {
    const { nightshift } = await serving((one) => {
      if (one.method === 'POST') return { json: job(bodyOf(one).id, 'queued') };
      return { status: 500, bytes: Buffer.from('<html>') };
    });
    const id = randomUUID();
    const proving = nightshift.prove({ ...request, id });
    await expect(proving).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER', status: 500, jobId: id });
  });

  test('that has lost the server for good says which job it may have become', async () => {
    const { nightshift, asked } = await serving(() => ({ status: 500, bytes: Buffer.from('<html>') }));
    const error = await nightshift.prove(request).catch((error) => error);
    expect(error).toMatchObject({ code: 'UNEXPECTED_ANSWER', jobId: bodyOf(asked[0] as Asked).id });
    expect(error.jobId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('unsealed, with a key of the caller’s, is the same request to the last byte: the server draws the id', async () => {
    const asked: { id?: string }[] = [];
    const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
      asked.push(JSON.parse(`${init?.body}`));
      return Response.json(job(randomUUID(), 'succeeded', proven));
    };
    const nightshift = new Nightshift({ url: 'http://127.0.0.1:9', fetch, seal: false });
    for (const idempotencyKey of ['mine', 'mine']) await nightshift.prove(request, { idempotencyKey });
    const [first, again] = asked;
    expect(again).toEqual(first);
    expect(first?.id).toBeUndefined();
  });

  test('outlives a server that is away for longer than anything is sent again', async () => {
    const id = randomUUID();
    let polls = 0;
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
      if (init?.method === 'POST') return Response.json(job(id, 'queued'));
      if (++polls < 12) throw new TypeError('fetch failed', { cause: new Error('other side closed') });
      return Response.json(job(id, 'succeeded', proven));
    };
    const proving = new Nightshift({ url: 'http://127.0.0.1:9', fetch, seal: false }).prove(request);
    await vi.advanceTimersByTimeAsync(120_000);
    expect((await proving).job.id).toBe(id);
  });

  test('whose progress nobody can take cancels the job', async () => {
    const cancelled = Promise.withResolvers<string>();
    const { nightshift } = await serving((one) => {
      if (one.method === 'DELETE') cancelled.resolve(one.path);
      return { json: job(id, 'queued') };
    });
    const [id, bug] = [randomUUID(), new RangeError('A bug of the page.')];
    const onProgress = () => {
      throw bug;
    };
    await expect(nightshift.prove(request, { onProgress })).rejects.toBe(bug);
    expect(await cancelled.promise).toBe(`/v1/jobs/${id}`);
  });
});

describe('a signal that aborts', () => {
  const reason = new Error('The user closed the dialog.');

  const isCancellation = ({ method }: Asked) => method === 'DELETE';

  /** Aborts when it is asked how the job gets on, and never answers that. */
  async function abortingWhileWaiting() {
    const controller = new AbortController();
    const cancelled = Promise.withResolvers<string>();
    const id = randomUUID();
    const server = await serving((one) => {
      if (one.method === 'POST') return { json: job(id, 'queued') };
      if (isCancellation(one)) {
        cancelled.resolve(one.path);
        return { json: job(id, 'cancelled') };
      }
      controller.abort(reason);
      return new Promise<never>(() => {});
    });
    return { ...server, id, signal: controller.signal, cancelled: cancelled.promise };
  }

  test('while the job is waited for cancels it', async () => {
    const { nightshift, signal, cancelled, id } = await abortingWhileWaiting();
    await expect(nightshift.prove(request, { signal })).rejects.toBe(reason);
    expect(await cancelled).toBe(`/v1/jobs/${id}`);
  });

  test('while the job is followed cancels it', async () => {
    const { nightshift, signal, cancelled, id } = await abortingWhileWaiting();
    await expect(nightshift.prove(request, { signal, onProgress: () => {} })).rejects.toBe(reason);
    expect(await cancelled).toBe(`/v1/jobs/${id}`);
  });

  test('while the submission is on its way: the job is cancelled once the server has it', async () => {
    const controller = new AbortController();
    const [submitted, cancelled] = [Promise.withResolvers<Answer>(), Promise.withResolvers<string>()];
    const { nightshift, lines } = await serving((one) => {
      if (isCancellation(one)) cancelled.resolve(one.path);
      else controller.abort(reason);
      return submitted.promise;
    });
    await expect(nightshift.prove(request, { signal: controller.signal })).rejects.toBe(reason);
    expect(lines()).toEqual(['POST /v1/jobs']);
    const id = randomUUID();
    submitted.resolve({ json: job(id, 'queued') });
    expect(await cancelled.promise).toBe(`/v1/jobs/${id}`);
  });

  test.each([
    ['submit', (nightshift: Nightshift, options: SubmitOptions) => nightshift.submit(request, options)],
    [
      'submitTagged',
      (nightshift: Nightshift, options: SubmitOptions) => nightshift.submitTagged(PREIMAGE, {}, options),
    ],
  ])('while %s is on its way: it rejects once the job is cancelled', async (_, submit) => {
    const controller = new AbortController();
    const id = randomUUID();
    const { nightshift, lines } = await serving(() => {
      controller.abort(reason);
      return { json: job(id, 'queued') };
    });
    await expect(submit(nightshift, { signal: controller.signal })).rejects.toBe(reason);
    expect(lines()).toEqual(['POST /v1/jobs', `DELETE /v1/jobs/${id}`]);
  });

  test('while a submission is on its way that is refused: there is nothing to cancel', async () => {
    const controller = new AbortController();
    const { nightshift, lines } = await serving(() => {
      controller.abort(reason);
      return problem(404, 'CIRCUIT_NOT_FOUND');
    });
    const submitted = nightshift.submit({ ...request, id: randomUUID() }, { signal: controller.signal });
    await expect(submitted).rejects.toBe(reason);
    expect(lines()).toEqual(['POST /v1/jobs']);
  });

  test('while the answer to a submission is lost: the job that may be there is cancelled by its id', async () => {
    const controller = new AbortController();
    const cancelled = Promise.withResolvers<string>();
    const { nightshift, asked } = await serving((one) => {
      if (isCancellation(one)) cancelled.resolve(one.path);
      else controller.abort(reason);
      return 'hang up';
    });
    await expect(nightshift.prove(request, { signal: controller.signal })).rejects.toBe(reason);
    expect(await cancelled.promise).toBe(`/v1/jobs/${bodyOf(asked[0] as Asked).id}`);
  });

  test('before anything is asked: nothing is', async () => {
    const { nightshift, asked } = await serving(() => 'hang up');
    const signal = AbortSignal.abort(reason);
    await expect(nightshift.prove(request, { signal })).rejects.toBe(reason);
    await expect(nightshift.wait('one', { signal })).rejects.toBe(reason);
    await expect(nightshift.jobs({}, { signal }).next()).rejects.toBe(reason);
    await expect(nightshift.push({ circuits: {} }, { signal })).rejects.toBe(reason);
    expect(asked).toEqual([]);
  });

  test('ends a wait, which leaves the job alone', async () => {
    const { nightshift, signal, lines, id } = await abortingWhileWaiting();
    await expect(nightshift.wait(id, { signal })).rejects.toBe(reason);
    await nightshift.submit(request);
    expect(lines()).toEqual([`GET /v1/jobs/${id}?wait=25`, 'POST /v1/jobs']);
  });
});

test('jobs asks for the next page when the one before is used up', async () => {
  const ids = [randomUUID(), randomUUID(), randomUUID()];
  const [first = '', second = '', third = ''] = ids;
  const { nightshift, lines } = await serving(({ path }) =>
    path.includes('cursor')
      ? { json: { jobs: [job(third, 'failed')] } }
      : { json: { jobs: [job(first, 'failed'), job(second, 'failed')], next: 'a/b' } },
  );
  const listed = await Array.fromAsync(nightshift.jobs({ state: 'failed', labels: { a: 'b' } }));
  expect(listed.map(({ id }) => id)).toEqual(ids);
  expect(lines()).toEqual([
    'GET /v1/jobs?state=failed&label=a%3Ab&limit=100',
    'GET /v1/jobs?state=failed&label=a%3Ab&limit=100&cursor=a%2Fb',
  ]);
});

test('jobs asks for no more than are wanted', async () => {
  const { nightshift, lines } = await serving(({ path }) => {
    const limit = Number(new URLSearchParams(path.split('?')[1]).get('limit'));
    return { json: { jobs: Array.from({ length: limit }, () => job(randomUUID(), 'queued')), next: 'more' } };
  });
  const listed = await Array.fromAsync(nightshift.jobs({ limit: 120 }));
  expect(listed).toHaveLength(120);
  expect(lines()).toEqual(['GET /v1/jobs?limit=100', 'GET /v1/jobs?limit=20&cursor=more']);
});

describe('a job of a list', () => {
  const proven = { proof: 'AQID', statement: ['1'] };

  test('is asked for, since the list has left out what it came to', async () => {
    const id = randomUUID();
    const { nightshift } = await serving(() => ({ json: job(id, 'succeeded', proven) }));
    const listed: ListedJob = job(id, 'succeeded');
    expect(await nightshift.wait(listed)).toMatchObject(proven);
    expect(await Array.fromAsync(nightshift.progress(listed))).toMatchObject([proven]);
  });

  test('that ended badly is all there', async () => {
    const { nightshift, asked } = await serving(() => 'hang up');
    const listed: ListedJob = job(randomUUID(), 'failed', { error: { code: 'INTERNAL', message: 'Again.' } });
    expect(await nightshift.wait(listed)).toBe(listed);
    expect(asked).toEqual([]);
  });

  test('of a kind that this client does not know is read all the same', async () => {
    const aggregated = job(randomUUID(), 'succeeded', { operation: 'aggregate' });
    const { nightshift } = await serving(() => ({ json: { jobs: [aggregated] } }));
    expect(await Array.fromAsync(nightshift.jobs())).toEqual([aggregated]);
  });
});

test.each([
  ['key', 'No key that works. Is the API key right?'],
  [undefined, 'No key that works. None was sent: name one (apiKey).'],
])('whose key %s does not work is told with what to do', async (apiKey, message) => {
  const problem = JSON.stringify({ code: 'UNAUTHENTICATED', detail: 'No key that works.' });
  const url = await urlOf((_, answer) => answer.writeHead(401).end(problem));
  await expect(new Nightshift({ url, apiKey }).info()).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
    message,
    status: 401,
  });
});

test.each([
  [401, 'key', /answered 401 .*\. Is the API key right\?$/],
  [403, undefined, /answered 403 .*\. None was sent: name one \(apiKey\)\.$/],
])('a gateway that answers %s to the key %s is told with what to do', async (status, apiKey, message) => {
  const url = await urlOf((_, answer) => answer.writeHead(status).end('{"message":"Forbidden"}'));
  await expect(new Nightshift({ url, apiKey }).info()).rejects.toMatchObject({
    code: 'UNEXPECTED_ANSWER',
    message: expect.stringMatching(message),
    status,
  });
});

import './scratch.ts';
import { createHash, randomBytes } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { paramsBytes, paramsFor } from '../../core/circuits/params.ts';
import { deleteObject, getObject } from '../../core/store/objects.ts';
import { handler as prefetch } from '../../functions/prefetch/index.ts';
import { fetchParams } from '../../functions/status/fetch-params.ts';
import { type Behaviour, type ParameterSource, serve, startParameterSource } from '../stack/parameter-source.ts';
import { multiValueQuery } from '../stack/query.ts';

/** A file of the right size takes the place of Midnight's, which can't be had here. */
const K = 15;
const file = randomBytes(paramsBytes(K));
const { object } = paramsFor(K);

vi.mock('../../core/circuits/pins.ts', async (original) => {
  const pins = await original<typeof import('../../core/circuits/pins.ts')>();
  const pinnedParams = (k: number) =>
    k === K ? createHash('sha256').update(file).digest('hex') : pins.pinnedParams(k);
  return { ...pins, pinnedParams };
});
vi.mock('../../core/limits.ts', async (original) => ({
  ...(await original<typeof import('../../core/limits.ts')>()),
  MAX_WAIT_SECONDS: 1,
}));

let source: ParameterSource;
let invocations: Promise<unknown>[];
/** Whether Lambda has prefetch run when it is invoked. */
let runs: boolean;

beforeEach(() => {
  invocations = [];
  runs = true;
  process.env.PREFETCH_FUNCTION_NAME = 'prefetch';
  const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
  vi.spyOn(LambdaClient.prototype, 'send').mockImplementation(async (command) => {
    if (!(command instanceof InvokeCommand)) throw new Error('only invocations are expected');
    const { InvocationType, Payload } = command.input;
    expect(InvocationType).toBe('Event');
    invocations.push(runs ? prefetch(JSON.parse(`${Payload}`), context) : Promise.resolve());
    return { StatusCode: 202 };
  });
});
afterEach(async () => {
  await source.close();
  await Promise.all(invocations);
  await deleteObject(object);
  vi.restoreAllMocks();
});

const ask = (query: Record<string, string> | null = null, k = K) => {
  const event = { pathParameters: { k: `${k}` }, multiValueQueryStringParameters: multiValueQuery(query), headers: {} };
  return fetchParams(event as unknown as APIGatewayProxyEvent);
};
const SUCCESS = { statusCode: 200, body: 'success' };

const whole: Behaviour = (request, response) => serve(request, response, { file });

/** Answers once it is let. */
function gated() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const behaviour: Behaviour = (request, response) => void promise.then(() => serve(request, response, { file }));
  return { behaviour, open: resolve };
}

describe('GET /fetch-params/{k} of parameters that are', () => {
  test('at the source: brings them, once', async () => {
    source = await startParameterSource(whole);
    expect(await ask()).toMatchObject(SUCCESS);
    expect(await ask()).toMatchObject(SUCCESS);
    expect(invocations).toHaveLength(1);
    expect(source.requests).toHaveLength(1);
  });

  test('asked for by several at once: downloads them once', async () => {
    source = await startParameterSource(whole);
    expect(await Promise.all([ask(), ask(), ask()])).toMatchObject([SUCCESS, SUCCESS, SUCCESS]);
    expect(source.requests).toHaveLength(1);
  });

  test('long in coming: is answered 503 with Retry-After, and asked again waits for the same download', async () => {
    const { behaviour, open } = gated();
    source = await startParameterSource(behaviour);
    const later = { statusCode: 503, headers: { 'retry-after': '2' }, body: expect.stringContaining('Ask again') };
    expect(await ask()).toMatchObject(later);
    expect(await ask()).toMatchObject(later);
    open();
    expect(await ask()).toMatchObject(SUCCESS);
    expect(invocations).toHaveLength(1);
    expect(source.requests).toHaveLength(1);
  });

  test('not to be had: tells why, each time anew', async () => {
    let status = 404;
    source = await startParameterSource((request, response, nth) =>
      status === 200 ? whole(request, response, nth) : response.writeHead(status).end(),
    );
    const reason = { code: 'PARAMS_UNAVAILABLE', message: expect.stringContaining('it answered 404') };
    await expect(ask()).rejects.toMatchObject(reason);
    await expect(ask()).rejects.toMatchObject(reason);
    expect(invocations).toHaveLength(2);
    status = 200;
    expect(await ask()).toMatchObject(SUCCESS);
  });

  test('not brought because nobody ran: has it tried again', async () => {
    source = await startParameterSource(whole);
    runs = false;
    expect(await ask()).toMatchObject({ statusCode: 503 });
    runs = true;
    expect(await ask()).toMatchObject(SUCCESS);
    expect(invocations).toHaveLength(2);
  });
});

describe('development parameters', () => {
  const DEVELOPMENT = { parameters: 'development' };
  const SMALL_K = 9;
  const allow = () => vi.stubEnv('DEVELOPMENT_PARAMETERS', 'on');
  beforeEach(async () => {
    source = await startParameterSource(whole);
  });
  afterEach(() => vi.unstubAllEnvs());

  test('are forbidden unless switched on', async () => {
    await expect(ask(DEVELOPMENT)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(invocations).toHaveLength(0);
  });

  test('are made, never downloaded, and said to be insecure', async () => {
    allow();
    const { statusCode, body } = await ask(DEVELOPMENT, SMALL_K);
    expect(statusCode).toBe(200);
    expect(body).toMatch(/^success\nINSECURE/);
    expect(source.requests).toHaveLength(0);
    const made = paramsFor(SMALL_K, 'development');
    const bytes = (await getObject(made.object)) ?? Buffer.of();
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(made.sha256);
  });

  test('end where they end', async () => {
    allow();
    expect(await ask(DEVELOPMENT, 20)).toMatchObject({ statusCode: 400, body: 'k=20 out of range' });
  });

  test('are one of two sets', async () => {
    await expect(ask({ parameters: 'other' })).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });
});

import './scratch.ts';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { createProvingPayload } from '@midnight-ntwrk/ledger-v8';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { beforeEach, describe, expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { tableName } from '../../core/config.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { attach, forget, giveUp, type WaitingRequest, waitingRecord } from '../../core/jobs/attach.ts';
import { claimJob } from '../../core/jobs/claim.ts';
import { endJob } from '../../core/jobs/end.ts';
import { type Job, readJob, readJobs } from '../../core/jobs/job.ts';
import { keyedDigest } from '../../core/jobs/keyed-digest.ts';
import {
  ANSWER_RETENTION_SECONDS,
  API_TIMEOUT_SECONDS,
  JOB_RETENTION_HOURS,
  MAX_RESULT_IN_ROW_BYTES,
  PART_RETENTION_SECONDS,
} from '../../core/limits.ts';
import { ANSWERS_PREFIX, objectOf, objectsUnder } from '../../core/store/objects.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { rowAt, table, transact } from '../../core/store/table.ts';
import { handler } from '../../functions/submit/index.ts';
import { among } from '../../functions/submit/keyed-request.ts';
import { ANSWER_MS } from '../../functions/submit/request-end.ts';
import { forgetAnswers } from '../../functions/sweep/forget-answers.ts';
import { authorizer, CALLER } from '../stack/caller.ts';

/** By which the jobs are delivered. */
const MESSAGE = 'message';

const preimage = await readFile('test/data/preimages/dust-spend.preimage.bin');
const WITNESS = Buffer.from(createProvingPayload(preimage, undefined, undefined));

/** A request to /prove, as submit gets it; it has `waitMs` to wait for its job. */
function request(body: Uint8Array, waitMs: number) {
  const event = {
    httpMethod: 'POST',
    path: '/prove',
    headers: {},
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
    requestContext: {
      requestId: randomUUID(),
      requestTimeEpoch: Date.now() - API_TIMEOUT_SECONDS * 1000 + ANSWER_MS + waitMs,
      authorizer: authorizer(),
    },
  } as unknown as APIGatewayProxyEvent;
  return handler(event, {} as Context);
}

/** Other bodies from test to test, so that none finds another one's job. */
let bindingInput = 0n;
let body: Buffer;
beforeEach(() => {
  body = Buffer.from(createProvingPayload(preimage, ++bindingInput, undefined));
});

const jobIdOf = ({ headers }: { headers?: Record<string, unknown> | undefined }) => headers?.['x-job-id'] as string;
const prove = async (id: string) =>
  endJob((await claimJob(id, MESSAGE)) as Job, { state: 'succeeded', result: new Uint8Array([7]) });

describe('a request that ended without its answer', () => {
  test('is told to come again, and with the same body it gets the same job’s answer', async () => {
    const first = await request(body, 100);
    expect(first).toMatchObject({ statusCode: 503, headers: { 'retry-after': expect.any(String) } });
    const second = request(body, 10_000);
    await prove(jobIdOf(first));
    expect(await second).toMatchObject({ statusCode: 200, body: Buffer.from([7]).toString('base64') });
    expect(jobIdOf(await second)).toBe(jobIdOf(first));
  });

  test('is not found by another body', async () => {
    const first = await request(body, 100);
    expect(jobIdOf(await request(WITNESS, 100))).not.toBe(jobIdOf(first));
  });

  test('once answered, it is a new request', async () => {
    const first = await request(body, 100);
    await prove(jobIdOf(first));
    expect(await request(body, 10_000)).toMatchObject({ statusCode: 200 });
    expect(jobIdOf(await request(body, 100))).not.toBe(jobIdOf(first));
  });
});

test('an answer that may have come too late to reach anybody is there for the next request, and only for that', async () => {
  const first = await request(body, 100);
  await prove(jobIdOf(first));
  const late = await request(body, 0);
  expect(late).toMatchObject({ statusCode: 200 });
  const again = await request(body, 10_000);
  expect(again).toMatchObject({ statusCode: 200, body: Buffer.from([7]).toString('base64') });
  expect([jobIdOf(late), jobIdOf(again)]).toEqual([jobIdOf(first), jobIdOf(first)]);
  expect(jobIdOf(await request(body, 100))).not.toBe(jobIdOf(first));
});

test('a request that API Gateway gave up before it had a job gets none: the next one may have one by now', async () => {
  const late = await request(body, -ANSWER_MS - 1);
  expect(late).toMatchObject({ statusCode: 503, headers: { 'retry-after': expect.any(String) } });
  expect(jobIdOf(late)).toBeUndefined();
});

test('a job that is gone does not stand before one that is waited for', async () => {
  const digest = (await keyedDigest('/prove', ...among(CALLER), body)).toString('hex');
  const live = jobIdOf(await request(body, 100));
  // It is found first.
  const gone = '00000000-0000-4000-8000-000000000000';
  await transact([waitingRecord({ tenant: LOCAL_TENANT, digest, endsAt: 0 }, gone)]);
  expect(jobIdOf(await request(body, 100))).toBe(live);
  expect(await rowAt(keyOf.once(LOCAL_TENANT, digest, gone))).toBeUndefined();
});

test('identical requests side by side have a job each, and each finds one of them again', async () => {
  const ids = (await Promise.all([request(body, 2000), request(body, 2000)])).map(jobIdOf);
  expect(new Set(ids).size).toBe(2);
  const again = (await Promise.all([request(body, 2000), request(body, 2000)])).map(jobIdOf);
  expect(again.sort()).toEqual(ids.sort());
});

describe('the record of a waiting request', () => {
  const jobId = '01234567-89ab-4cde-8f01-23456789abcd';
  const now = Date.now();
  let waiting: WaitingRequest;
  beforeEach(async () => {
    waiting = { tenant: LOCAL_TENANT, digest: `${++bindingInput}`, endsAt: now + 1000 };
    await transact([waitingRecord(waiting, jobId)]);
  });
  const next = () => ({ ...waiting, endsAt: now + 5000 });

  test('gives the job to nobody while the request may be waiting, and to one of many afterwards', async () => {
    expect(await attach(next(), now)).toBeUndefined();
    const found = await Promise.all(Array.from({ length: 5 }, () => attach(next(), now + 2000)));
    expect(found.filter((id) => id !== undefined)).toEqual([jobId]);
  });

  test('gives it at once when the request says that it gives up, and never after it was answered', async () => {
    await giveUp(waiting, jobId);
    expect(await attach(next(), now)).toBe(jobId);
    await forget(waiting, jobId);
    expect(await attach(next(), now + 10_000)).toBeUndefined();
  });

  test('is not found by another tenant', async () => {
    expect(await attach({ ...next(), tenant: 'somebody else' }, now + 2000)).toBeUndefined();
  });
});

test('a digest tells apart what was put together from other parts, and is the same again', async () => {
  const digests = await Promise.all([keyedDigest('ab', 'c'), keyedDigest('a', 'bc'), keyedDigest('ab', 'c')]);
  const [one, other, again] = digests.map((digest) => digest.toString('hex'));
  expect(one).not.toBe(other);
  expect(again).toBe(one);
});

describe('what a synchronous request came to', () => {
  const rowOf = async (id: string) => (await rowAt(keyOf.job(id))) as Record<string, unknown>;
  const secondsKept = async (id: string) => {
    const { expiresAt, endedAt } = await rowOf(id);
    return Math.round(Number(expiresAt) - Date.parse(`${endedAt}`) / 1000);
  };

  test('is kept for 15 minutes, and then as good as gone', async () => {
    const id = jobIdOf(await request(body, 100));
    await prove(id);
    expect(await secondsKept(id)).toBeCloseTo(ANSWER_RETENTION_SECONDS, -1);
    expect(await readJob(LOCAL_TENANT, id)).toMatchObject({ state: 'succeeded' });
    const row = await rowOf(id);
    await table.send(
      new PutCommand({ TableName: tableName(), Item: { ...row, expiresAt: Math.floor(Date.now() / 1000) } }),
    );
    expect(await readJob(LOCAL_TENANT, id)).toBeUndefined();
    expect(await readJobs(LOCAL_TENANT, [id])).toEqual(new Map());
    expect(jobIdOf(await request(body, 100)), 'the same request is a new one').not.toBe(id);
  });

  test('is deleted after that if it is an object of its own, and not before', async () => {
    const id = jobIdOf(await request(body, 100));
    const job = (await claimJob(id, MESSAGE)) as Job;
    await endJob(job, { state: 'succeeded', result: new Uint8Array(MAX_RESULT_IN_ROW_BYTES + 1) });
    const later = (seconds: number) => new Date(Date.now() + seconds * 1000);
    await forgetAnswers(later(ANSWER_RETENTION_SECONDS - 30));
    expect(await objectsUnder(ANSWERS_PREFIX)).toContain(objectOf.answer(id));
    expect(await forgetAnswers(later(ANSWER_RETENTION_SECONDS + 30))).toBeGreaterThan(0);
    expect(await objectsUnder(ANSWERS_PREFIX)).toEqual([]);
  });

  test.each([
    ['a job that nobody waits for', {}, JOB_RETENTION_HOURS * 3600],
    ['a proof that an answer is made of', { synchronous: true, parent: randomUUID() }, PART_RETENTION_SECONDS],
  ])('%s is kept for longer', async (_, more, seconds) => {
    const proof = { tenant: LOCAL_TENANT, operation: 'prove', circuit: 'c', k: 6, witness: preimage } as const;
    const job = (await admitJob({ ...proof, ...more })) as Job;
    await endJob(job, { state: 'succeeded', result: new Uint8Array([7]) });
    expect(await secondsKept(job.id)).toBeCloseTo(seconds, -1);
  });
});

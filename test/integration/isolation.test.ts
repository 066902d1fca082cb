/** What belongs to another tenant is answered like what does not exist, byte for byte. */
import './scratch.ts';
import { randomUUID } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../core/access/caller.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { figure, percentile } from '../faults/figure.ts';
import { generateRequest } from '../generator/generate.ts';
import { type Answer, ask } from '../stack/ask.ts';
import { CALLER } from '../stack/caller.ts';
import { admitProof, proveToTheEnd, SMALL } from '../stack/proof-jobs.ts';

const ORIGIN = 'https://dapp.example';
const FROM_PAGE = { headers: { origin: ORIGIN } };

/** Theirs is what they ask for. */
const OWNER: Caller = CALLER;
const STRANGER: Caller = { ...CALLER, tenant: 'another', apiKey: randomUUID() };
/** Somebody with the publishable key of a page of the owner's. */
const VISITOR: Caller = {
  ...CALLER,
  apiKey: randomUUID(),
  publishable: { origins: [ORIGIN], contracts: ['midnight'] },
};

interface Theirs {
  queued: string;
  ended: string;
  batch: string;
}
let theirs: Theirs;

beforeAll(async () => {
  const ended = await admitProof(SMALL);
  await proveToTheEnd(ended);
  const queued = await admitProof(SMALL);
  const { preimage } = { preimage: 'AAAA' };
  const { body } = await ask('POST', '/v1/batches', {
    body: { items: [{ circuit: 'midnight/dust/spend', preimage }] },
  });
  theirs = { ended: ended.id, queued: queued.id, batch: String(body.id) };
});
afterAll(() => nativeProver().stop());

/** All that can be asked for by an id. */
const QUESTIONS: [string, string, (id: string) => string, keyof Theirs][] = [
  ['GET', 'a job', (id) => `/v1/jobs/${id}`, 'ended'],
  ['GET', 'a job that is waited for', (id) => `/v1/jobs/${id}?wait=25`, 'queued'],
  ['GET', 'a job beyond a state', (id) => `/v1/jobs/${id}?wait=25&after=queued`, 'queued'],
  ['GET', 'a proof', (id) => `/v1/jobs/${id}/proof`, 'ended'],
  ['GET', 'a proof that is waited for', (id) => `/v1/jobs/${id}/proof?wait=25`, 'queued'],
  ['DELETE', 'a job', (id) => `/v1/jobs/${id}`, 'queued'],
  ['DELETE', 'a job that has ended', (id) => `/v1/jobs/${id}`, 'ended'],
  ['GET', 'a batch', (id) => `/v1/batches/${id}`, 'batch'],
  ['GET', 'a batch that is waited for', (id) => `/v1/batches/${id}?wait=25`, 'batch'],
  ['DELETE', 'a batch', (id) => `/v1/batches/${id}`, 'batch'],
];

/** Without the id, which the asker knows. */
const without = (id: string, { status, headers, text }: Answer) =>
  JSON.stringify({ status, headers, text }).replaceAll(id, '{id}');

describe.each([
  ['another tenant', { caller: STRANGER }],
  ['a visitor of a page of the same tenant', { caller: VISITOR, ...FROM_PAGE }],
])('for %s', (_, asker) => {
  test.each(QUESTIONS)('%s %s', async (method, _what, pathOf, whose) => {
    const nobody = randomUUID();
    const foreign = await ask(method, pathOf(theirs[whose]), asker);
    const missing = await ask(method, pathOf(nobody), asker);
    expect(foreign.status).toBeGreaterThanOrEqual(400);
    expect(without(theirs[whose], foreign)).toBe(without(nobody, missing));
  });
});

test('what was asked for by others is as it was', async () => {
  expect((await ask('GET', `/v1/jobs/${theirs.queued}`, { caller: OWNER })).body).toMatchObject({ state: 'queued' });
  expect((await ask('GET', `/v1/jobs/${theirs.ended}`, { caller: OWNER })).body).toMatchObject({ state: 'succeeded' });
});

test('a tenant lists its own jobs', async () => {
  const listed = async (caller: Caller) => (await ask('GET', '/v1/jobs', { caller })).body.jobs as { id: string }[];
  expect((await listed(OWNER)).map(({ id }) => id)).toEqual(expect.arrayContaining([theirs.queued, theirs.ended]));
  expect(await listed(STRANGER)).toEqual([]);
  expect((await ask('GET', '/v1/jobs', { caller: VISITOR, ...FROM_PAGE })).body).toMatchObject({ code: 'FORBIDDEN' });
});

test('an Idempotency-Key that somebody else uses, too, tells nothing of their job', async () => {
  const { preimage } = await generateRequest('midnight/dust/spend');
  const form = { circuit: 'midnight/dust/spend', preimage: Buffer.from(preimage).toString('base64') };
  const headers = { 'idempotency-key': 'the first', origin: ORIGIN };
  const asked = async (caller: Caller) => {
    const { status, headers: answered, body } = await ask('POST', '/v1/jobs', { body: form, headers, caller });
    return { status, isReplay: 'idempotent-replayed' in answered, id: body.id };
  };
  const [first, ...others] = [await asked(OWNER), await asked(STRANGER), await asked(VISITOR)];
  for (const other of others) {
    expect(other).toMatchObject({ status: 202, isReplay: false });
    expect(other.id).not.toBe(first?.id);
  }
  expect(await asked(OWNER)).toEqual({ ...first, isReplay: true });
});

/** So many of each, in turns. */
const TIMED = 200;

test('what is asked of AWS for the answer does not tell either, and hardly how long it takes', async () => {
  const send = vi.spyOn(Object.getPrototypeOf(S3Client.prototype), 'send');
  const sentFor = async (id: string) => {
    send.mockClear();
    const begun = performance.now();
    await ask('GET', `/v1/jobs/${id}`, { caller: STRANGER });
    const commands = send.mock.calls.map(([command]) => (command as object).constructor.name);
    return { commands, ms: performance.now() - begun };
  };
  const took: Record<'foreign' | 'missing', number[]> = { foreign: [], missing: [] };
  for (let turn = 0; turn < TIMED; turn++) {
    const [foreign, missing] = [await sentFor(theirs.ended), await sentFor(randomUUID())];
    expect(foreign.commands).toEqual(missing.commands);
    took.foreign.push(foreign.ms);
    took.missing.push(missing.ms);
  }
  const [foreign, missing] = [percentile(took.foreign, 0.5), percentile(took.missing, 0.5)];
  figure('isolation', { 'foreign job': `${foreign.toFixed(2)} ms`, 'no job': `${missing.toFixed(2)} ms` });
});

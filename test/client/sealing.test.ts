/** What the client seals, with which keys, and for which jobs. */
import { randomUUID } from 'node:crypto';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Job, Nightshift, type NightshiftOptions } from '../../client/index.ts';
import { info } from '../cli/info.ts';
import { jobIn } from '../cli/jobs-server.ts';
import { urlOf } from '../cli/server.ts';
import { type SealingServer, sealingServer } from './sealing-server.ts';

const CIRCUIT = 'midnight/dust/spend';
const PREIMAGE = new TextEncoder().encode('not for anyone');
const request = { circuit: CIRCUIT, preimage: PREIMAGE };

interface Form {
  id: string;
  sealed?: string;
  preimage?: string;
  operation?: string;
  circuit: string;
  bindingInput?: string;
}

interface Behaviour {
  /** The key that is given out; `null` if there is no such thing. */
  given: () => SealingServer['key'] | null;
  /** Why a submission is refused, if it is. */
  refusal?: (form: Form) => { status: number; code: string } | undefined;
  /** How its job stands. */
  became?: Partial<Job>;
}

/** A server that takes what is sealed, and a client for it. */
async function serving({ given, refusal, became }: Behaviour, options: Partial<NightshiftOptions> = {}) {
  const lines: string[] = [];
  const forms: Form[] = [];
  const url = await urlOf(async (incoming, answer) => {
    const line = `${incoming.method} ${incoming.url}`;
    lines.push(line);
    const say = (status: number, body: unknown) => answer.writeHead(status).end(JSON.stringify(body));
    const key = given();
    if (line === 'GET /v1/sealing-key') return key ? say(200, key) : say(404, '');
    if (line === 'GET /v1/info') return say(200, info);
    if (line === 'POST /v1/estimate') return say(200, ESTIMATE);
    const body = (await json(incoming)) as Form | { items: Form[] };
    const sent = 'items' in body ? body.items : [body];
    forms.push(...sent);
    const refused = sent.map((form) => refusal?.(form)).find(Boolean);
    if (refused) return say(refused.status, { code: refused.code, detail: 'Because.' });
    const jobs = sent.map(({ id }) => ({ ...jobIn('queued', id), ...became }));
    if ('items' in body) return say(202, batchOf(jobs));
    return say(202, jobs[0]);
  });
  return { nightshift: new Nightshift({ url, apiKey: 'key', ...options }), lines, forms };
}

const ESTIMATE = {
  circuit: CIRCUIT,
  k: 13,
  lane: 'medium',
  queuedMs: 0,
  keysMs: 0,
  proveMs: 1,
  costUsd: 0,
  pricesAsOf: '2026-11-01',
};

const batchOf = (jobs: Job[]) => ({
  id: randomUUID(),
  state: 'running',
  createdAt: jobs[0]?.createdAt,
  items: jobs.map(({ id, state }) => ({ job: id, circuit: CIRCUIT, state })),
  links: { self: '/v1/batches/1' },
});

const asJob = ({ id, operation = 'prove', circuit, bindingInput }: Form) => ({ id, operation, circuit, bindingInput });
const unlessSealedWith =
  (server: () => SealingServer) =>
  ({ sealed }: Form) =>
    Buffer.from(`${sealed}`, 'base64').includes(Buffer.from(server().key.id.replaceAll('-', ''), 'hex'))
      ? undefined
      : { status: 404, code: 'SEALING_KEY_NOT_FOUND' };
/** A server that gave out a key, for which a job was sealed, and now takes another one only. */
async function withAnotherKey() {
  const [former, next] = [sealingServer(), sealingServer()];
  let server = former;
  const refusal = unlessSealedWith(() => server);
  const served = await serving({ given: () => server.key, refusal });
  await served.nightshift.submit(request);
  server = next;
  return { ...served, next };
}

const openedBy = (server: SealingServer, form: Form) => server.opened(`${form.sealed}`, asJob(form)).toString();

test('a preimage is sealed for its job, and nothing else of it is sent', async () => {
  const server = sealingServer();
  const { nightshift, forms } = await serving({ given: () => server.key });
  await nightshift.submit({ ...request, bindingInput: 7n });
  const [form] = forms as [Form];
  expect(Object.keys(form).sort()).toEqual(['bindingInput', 'circuit', 'id', 'sealed']);
  expect(openedBy(server, form)).toBe('not for anyone');
  for (const other of [{ id: randomUUID() }, { circuit: 'other' }, { bindingInput: '8' }, { operation: 'check' }]) {
    expect(() => openedBy(server, { ...form, ...other })).toThrow();
  }
});

test('the key is asked for once, also by many at the same time', async () => {
  const server = sealingServer();
  const { nightshift, lines } = await serving({ given: () => server.key });
  await Promise.all([nightshift.submit(request), nightshift.submit(request)]);
  await nightshift.submit(request);
  expect(lines.filter((line) => line.startsWith('GET')).sort()).toEqual(['GET /v1/info', 'GET /v1/sealing-key']);
});

test('a key is asked for anew when its time is over', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const [former, next] = [sealingServer(), sealingServer(new Date(Date.now() + 3_600_000))];
  let server = former;
  const { nightshift, forms } = await serving({ given: () => server.key });
  await nightshift.submit(request);
  server = next;
  await nightshift.submit(request);
  vi.setSystemTime(Date.parse(former.key.validUntil));
  await nightshift.submit(request);
  expect(forms.map((form, index) => openedBy(index < 2 ? former : next, form))).toEqual(
    Array(3).fill('not for anyone'),
  );
});

test('a key that the server does not take any more is replaced: the job is sealed once more', async () => {
  const { nightshift, forms, lines, next } = await withAnotherKey();
  const job = await nightshift.submit(request);
  expect(forms.map(({ id }) => id)).toEqual([expect.any(String), job.id, job.id]);
  expect(openedBy(next, forms[2] as Form)).toBe('not for anyone');
  await nightshift.submit(request);
  expect(lines.filter((line) => line === 'GET /v1/sealing-key')).toHaveLength(2);
});

test('a batch is sealed once more, too, for the same jobs', async () => {
  const { nightshift, forms, lines, next } = await withAnotherKey();
  const batch = await nightshift.submitBatch([request, request]);
  const [, ...sent] = forms;
  const ids = batch.items.map(({ job }) => job);
  expect(sent.map(({ id }) => id)).toEqual([...ids, ...ids]);
  expect(sent.slice(2).map((form) => openedBy(next, form))).toEqual(['not for anyone', 'not for anyone']);
  expect(lines.filter((line) => line === 'POST /v1/batches')).toHaveLength(2);
});

test('a key that is refused again is the answer', async () => {
  const refusal = () => ({ status: 404, code: 'SEALING_KEY_NOT_FOUND' });
  const { nightshift, forms } = await serving({ given: () => sealingServer().key, refusal });
  await expect(nightshift.submit(request)).rejects.toMatchObject({ code: 'SEALING_KEY_NOT_FOUND' });
  expect(forms).toHaveLength(2);
});

test('each job of a batch is sealed for itself', async () => {
  const server = sealingServer();
  const { nightshift, forms } = await serving({ given: () => server.key });
  const batch = await nightshift.submitBatch([request, { ...request, id: randomUUID() }]);
  expect(batch.items.map(({ job }) => job)).toEqual(forms.map(({ id }) => id));
  expect(forms.map((form) => openedBy(server, form))).toEqual(['not for anyone', 'not for anyone']);
  const [one, other] = forms as [Form, Form];
  expect(() => openedBy(server, { ...one, id: other.id })).toThrow();
});

test('a check is sealed, too', async () => {
  const server = sealingServer();
  const satisfied = await serving({ given: () => server.key, became: { state: 'succeeded', statement: [] } });
  expect(await satisfied.nightshift.check(request)).toEqual({ satisfied: true, estimate: ESTIMATE });
  expect(satisfied.forms).toMatchObject([{ operation: 'check' }]);
  expect(openedBy(server, satisfied.forms[0] as Form)).toBe('not for anyone');

  const failed = (code: string) => ({
    given: () => server.key,
    became: { state: 'failed', error: { code, message: 'No.' } } as const,
  });
  const { nightshift: unsatisfied } = await serving(failed('INVALID_WITNESS'));
  expect(await unsatisfied.check(request)).toEqual({ satisfied: false, reason: 'No.', estimate: ESTIMATE });
  const { nightshift: unlucky } = await serving(failed('TIMEOUT'));
  await expect(unlucky.check(request)).rejects.toMatchObject({ code: 'TIMEOUT', jobId: expect.any(String) });
});

test('every request is sealed for an id of its own, whatever its Idempotency-Key', async () => {
  const server = sealingServer();
  const { nightshift, forms } = await serving({ given: () => server.key });
  for (const idempotencyKey of ['order 7', 'order 7']) {
    await nightshift.submit(request, { idempotencyKey });
    await nightshift.submitBatch([request, request], { idempotencyKey });
  }
  expect(new Set(forms.map(({ id }) => id)).size).toBe(6);
});

test('nothing is sent where nothing can be sealed', async () => {
  const without = await serving({ given: () => null });
  await expect(without.nightshift.submit(request)).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
  expect(without.forms).toEqual([]);

  // As on a page that came by plain HTTP.
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
  onTestFinished(() => void vi.unstubAllGlobals());
  const { nightshift, lines } = await serving({ given: () => sealingServer().key });
  await expect(nightshift.submit(request)).rejects.toMatchObject({
    code: 'CANNOT_SEAL',
    message: expect.stringContaining('seal: false'),
  });
  expect(lines).toEqual([]);
});

test('a signal that aborts while the key is asked for ends it, and the next call goes on', async () => {
  const controller = new AbortController();
  const reason = new Error('The user closed the dialog.');
  const server = sealingServer();
  const given = () => {
    controller.abort(reason);
    return server.key;
  };
  const { nightshift, forms } = await serving({ given });
  await expect(nightshift.submit(request, { signal: controller.signal })).rejects.toBe(reason);
  expect(forms).toEqual([]);
  await nightshift.submit(request);
  expect(forms).toHaveLength(1);
});

test('sealing can be turned off', async () => {
  const { nightshift, lines, forms } = await serving({ given: () => null }, { seal: false });
  await nightshift.submit(request);
  expect(lines).toEqual(['POST /v1/jobs']);
  expect(forms).toMatchObject([{ preimage: Buffer.from(PREIMAGE).toString('base64') }]);
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import { LOCAL_CAP } from '../../local/synth.ts';
import { jobView, postJob } from '../stack/api.ts';
import { type GatedProver, gatedProver } from '../stack/gated-prover.ts';
import { freshState } from '../stack/own-stack.ts';

let scratch: string;
let stateDir: string;
let prover: GatedProver;
let stack: LocalStack;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'nightshift-shut-down-'));
  prover = await gatedProver(join(scratch, 'prover'));
  stateDir = await freshState();
});

afterAll(() => rm(scratch, { recursive: true, maxRetries: 5 }));

beforeEach(async () => {
  await prover.close();
  stack = await start();
});

// Ending it twice is fine.
afterEach(() => stack.stop());

const start = () => startLocalStack({ port: 0, stateDir, proverExecutable: prover.executable });
const get = (path: string) => fetch(`${stack.url}${path}`);
const jobOf = async (answer: Response) => jobView.parse(await answer.json());

async function submit() {
  const preimage = await readFile('test/data/preimages/dust-spend.preimage.bin', 'base64');
  return postJob(JSON.stringify({ circuit: 'midnight/dust/spend', preimage }), stack.url);
}

/** Submits so many jobs, and waits until as many as the lane takes at once are being proved. */
async function submitAndBegin(count: number) {
  const jobs = await Promise.all(Array.from({ length: count }, async () => jobOf(await submit())));
  const jobsProcessing = Math.min(count, LOCAL_CAP);
  const begun = async () => expect(await (await get('/ready')).json()).toMatchObject({ jobsProcessing });
  await vi.waitFor(begun, { timeout: 20_000 });
  return jobs;
}

test('proofs under way are finished and delivered, a queued job is proved after the next start', async () => {
  const jobs = await submitAndBegin(LOCAL_CAP + 1);
  const answers = jobs.map(({ links }) => get(`${links.self}?wait=25`));
  const drained = stack.drain(new AbortController().signal);

  const refused = await submit();
  expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([503, expect.any(Number)]);
  expect((await get('/health')).status).toBe(200);
  expect(await (await get('/ready')).json()).toMatchObject({ jobsProcessing: LOCAL_CAP, jobsPending: 1 });

  await prover.open();
  await drained;
  await stack.stop();
  const delivered = await Promise.all(answers);
  const states = await Promise.all(delivered.filter(({ ok }) => ok).map(async (answer) => (await jobOf(answer)).state));
  expect(states).toEqual(Array(LOCAL_CAP).fill('succeeded'));
  const [unanswered, ...others] = delivered.filter(({ ok }) => !ok);
  expect(others).toEqual([]);
  expect([unanswered?.status, Number(unanswered?.headers.get('retry-after'))]).toEqual([503, expect.any(Number)]);

  const queued = jobs[delivered.findIndex(({ ok }) => !ok)];
  stack = await start();
  const proved = await jobOf(await get(`${queued?.links.self}?wait=25`));
  expect(proved).toMatchObject({ id: queued?.id, state: 'succeeded', attempts: 1 });
});

test('asked again to end, it waits for no proof, and answers who does', async () => {
  const [job] = await submitAndBegin(1);
  const answer = get(`${job?.links.self}?wait=25`);
  const hurry = new AbortController();
  const drained = stack.drain(hurry.signal);
  await vi.waitFor(async () => expect((await submit()).status).toBe(503));
  hurry.abort();
  await drained;
  await stack.stop();
  expect((await answer).status).toBe(503);
});

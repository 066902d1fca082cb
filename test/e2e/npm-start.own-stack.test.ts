import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { commandsInGroup, signalGroup } from '../../local/process.ts';
import { nightshift } from '../cli/run.ts';
import { get, type JobView, jobView, postJob } from '../stack/api.ts';

let stateDir: string;
let npmStart: ChildProcess;
let isRunning = false;
let group: number;
let url: string;
let forOperator: string;
let job: JobView;
let progress: string;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'nightshift-start-'));
});
/** What ended in good order left its state: only the first start derives keys. */
beforeEach(async () => {
  if (!isRunning) await start();
  job = await beginProof();
});
afterAll(async () => {
  npmStart.kill('SIGKILL');
  signalGroup(group, 'SIGKILL');
  await rm(stateDir, { recursive: true, maxRetries: 5 });
});

/** `npm start`, until it says where it answers. */
async function start(): Promise<void> {
  const args = [
    'local/bootstrap.mjs',
    'local/start.ts',
    '--port',
    '0',
    '--state',
    stateDir,
    '--verbose',
    '--lanes',
    '{"pool":{"reservedConcurrency":2}}',
  ];
  const env = { ...process.env, MIDNIGHT_PP: 'layers/prover/assets', MIDNIGHT_PROOF_SERVER_JOB_CAPACITY: '7' };
  npmStart = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  isRunning = true;
  npmStart.once('exit', () => {
    isRunning = false;
  });
  progress = '';
  npmStart.stderr?.setEncoding('utf8').on('data', (text) => {
    progress += text;
  });
  ({ url, forOperator } = await saidBy(npmStart));
  group = JSON.parse(await readFile(join(stateDir, 'emulator.json'), 'utf8')).group;
}

/** Where it answers, and how an operator's commands reach its AWS. */
async function saidBy({ stdout }: ChildProcess): Promise<{ url: string; forOperator: string }> {
  if (!stdout) throw new Error('nothing to read from');
  let url: string | undefined;
  for await (const line of createInterface({ input: stdout })) {
    url ??= line.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
    if (url && line.endsWith(' npx nightshift lanes')) return { url, forOperator: line };
  }
  throw new Error('npm start ended before it answered');
}

/** A proof is under way when this returns: functions and provers are running. */
async function beginProof(): Promise<JobView> {
  const preimage = await readFile('test/data/preimages/dust-spend.preimage.bin', 'base64');
  const response = await postJob(JSON.stringify({ circuit: 'midnight/dust/spend', preimage }), url);
  expect(response.status).toBe(202);
  const { links } = jobView.parse(await response.json());
  const begun = jobView.parse(await (await get(`${links.self}?wait=25&after=queued`, url)).json());
  expect(begun.state).not.toBe('queued');
  expect(await provers()).toBeGreaterThanOrEqual(2);
  return begun;
}

const provers = async () =>
  (await commandsInGroup(group)).filter((command) => command.includes('nightshift-prover')).length;
const nobodyLeft = async () => expect(await commandsInGroup(group)).toEqual([]);

test('options reach the stack, and so do an operator’s commands', async () => {
  expect(await (await fetch(`${url}/ready?secret`)).json()).toMatchObject({ jobCapacity: 7 });
  expect(job).toMatchObject({ lane: 'pool' });
  expect(progress).toMatch(/✓ .* Keys and parameters · 1 from layers\/prover\/assets; 1 present, 17 made/);
  await vi.waitFor(() => expect(progress).toMatch(/^GET \/ready 200 \d+ ms$/m));

  // By the variables that it printed.
  const env = Object.fromEntries([...forOperator.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
  const { stdout, stderr } = await nightshift(['lanes', '--json'], env);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject([
    { name: 'pool', capacity: 7, reservedConcurrency: 2 },
    { name: 'transaction' },
    { name: 'keys' },
  ]);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s has the proof finished, and all ended that was started',
  async (signal) => {
    const answer = fetch(`${url}${job.links.self}?wait=25`);
    const exit = once(npmStart, 'exit');
    npmStart.kill(signal);
    expect(jobView.parse(await (await answer).json())).toMatchObject({ id: job.id, state: 'succeeded' });
    const [code] = await exit;
    expect(code).toBe(0);
    expect(progress).toMatch(/Stopping …\n[^✗]*✓ .* Proofs under way · finished\n/);
    await nobodyLeft();
  },
);

test('killed, npm start leaves nothing running', async () => {
  npmStart.kill('SIGKILL');
  await vi.waitFor(nobodyLeft, { timeout: 30_000 });
});

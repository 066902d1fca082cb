/**
 * The jobs API under 1, 10 and 100 clients at once: how many jobs it takes a second, and how long after a job's end its
 * waiting client knows. Nothing is proved meanwhile: the prover's gate is closed, and jobs end by being cancelled, so that
 * two cores have only the API to do. Then the same with proofs, from which clients have theirs.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { type Job, Nightshift } from '../client/index.ts';
import { STATE_ROOT } from '../local/paths.ts';
import { startLocalStack } from '../local/stack.ts';
import { binaryIr } from '../test/generator/circuits.ts';
import { generateRequest } from '../test/generator/generate.ts';
import { gatedProver } from '../test/stack/gated-prover.ts';
import { median, percentile, printTable } from './figures.ts';

const CLIENTS = [1, 10, 100];
const SUBMISSIONS_EACH = { 1: 100, 10: 30, 100: 5 } as Record<number, number>;
const CANCELLATIONS_AT_ONCE = 4;
const LATE_MS = 5000;
const SAMPLES = 10;
const CIRCUIT = 'fallible/count';
const PROOFS = 20;

/** Any number of jobs may wait. */
const POOL = { workers: 2, capacity: 0, timeoutSeconds: 900 };

export async function benchClients(): Promise<void> {
  const gate = await gatedProver(join(STATE_ROOT, 'bench-gate'));
  const stateDir = join(STATE_ROOT, 'bench-clients');
  const stack = await startLocalStack({ port: 0, stateDir, pool: POOL, proverExecutable: gate.executable });
  try {
    const nightshift = new Nightshift({ url: stack.url });
    const preimage = await readFile('test/data/preimages/dust-spend.preimage.bin');
    const submit = () => nightshift.submit({ circuit: 'midnight/dust/spend', preimage });
    const rows = [];
    for (const clients of CLIENTS) {
      console.error(`${clients} clients …`);
      // The first round starts the functions that so many requests take, and is not counted.
      await measure(nightshift, submit, clients);
      rows.push(await measure(nightshift, submit, clients));
    }
    printTable(
      ['clients', 'jobs taken a second', 'submission ms', 'p99', 'end to client ms', 'p99', 'after 5 s', 'p99'],
      rows.map(({ clients, perSecond, submissions, early, late }) => [
        clients,
        perSecond,
        ...[submissions, early, late].flatMap((figures) => [median(figures), percentile(figures, 99)]),
      ]),
    );
    await gate.open();
    console.log();
    await benchProofs(nightshift);
  } finally {
    await stack.stop();
  }
}

async function measure(nightshift: Nightshift, submit: () => Promise<Job>, clients: number) {
  const submissions: number[] = [];
  const jobs: Job[] = [];
  const begun = performance.now();
  await sideBySide(clients, async () => {
    for (let n = 0; n < (SUBMISSIONS_EACH[clients] as number); n++) {
      const start = performance.now();
      jobs.push(await submit());
      submissions.push(performance.now() - start);
    }
  });
  const perSecond = submissions.length / ((performance.now() - begun) / 1000);
  const early: number[] = [];
  while (early.length < SAMPLES) early.push(...(await endWhileWaitedFor(nightshift, jobs.splice(0, clients), 0)));
  const late: number[] = [];
  while (late.length < SAMPLES) late.push(...(await endWhileWaitedFor(nightshift, jobs.splice(0, clients), LATE_MS)));
  await pLimit(CANCELLATIONS_AT_ONCE).map(jobs, (job) => nightshift.cancel(job));
  return { clients, perSecond, submissions, early, late };
}

/** Milliseconds from each job's end to its client's having it: the longer it has waited, the more seldom is looked. */
async function endWhileWaitedFor(nightshift: Nightshift, jobs: Job[], afterMs: number): Promise<number[]> {
  const waiting = jobs.map(async (job) => {
    const { endedAt } = await nightshift.wait(job);
    return Date.now() - Date.parse(`${endedAt}`);
  });
  await delay(afterMs);
  await pLimit(CANCELLATIONS_AT_ONCE).map(jobs, (job) => nightshift.cancel(job));
  return Promise.all(waiting);
}

/** From the proof's being done, which is written down as the job's end, to the client's having it. */
async function benchProofs(nightshift: Nightshift): Promise<void> {
  const { id: contract } = await nightshift.push({ circuits: { count: { zkir: binaryIr(CIRCUIT) } } });
  const rounds = [];
  // The first round is not counted.
  for (let round = 0; round <= PROOFS; round++) {
    const { preimage } = await generateRequest(CIRCUIT);
    const start = performance.now();
    const { job } = await nightshift.prove({ circuit: 'count', contract, preimage });
    const clientMs = performance.now() - start;
    const { proveMs = 0, verifyMs = 0 } = job.timings ?? {};
    rounds.push({ clientMs, provingMs: proveMs + verifyMs, afterMs: Date.now() - Date.parse(`${job.endedAt}`) });
  }
  const counted = rounds.slice(1);
  printTable(
    ['circuit', 'client ms', 'of it proving', 'proof done to client ms', 'p95'],
    [
      [
        CIRCUIT,
        median(counted.map(({ clientMs }) => clientMs)),
        median(counted.map(({ provingMs }) => provingMs)),
        median(counted.map(({ afterMs }) => afterMs)),
        percentile(
          counted.map(({ afterMs }) => afterMs),
          95,
        ),
      ],
    ],
  );
}

const sideBySide = async (count: number, work: () => Promise<void>): Promise<void> => {
  await Promise.all(Array.from({ length: count }, work));
};

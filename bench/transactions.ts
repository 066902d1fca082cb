/** `/prove-tx` with several shielded outputs, here and on the reference server, in turns. */
import { createProvingTransactionPayload } from '@midnight-ntwrk/ledger-v8';
import { z } from 'zod';
import { unprovenZswapOutputs } from '../test/generator/zswap-output.ts';
import { median, printTable } from './figures.ts';
import { startReferenceServer } from './reference-server.ts';

const OUTPUTS = [1, 2, 4];
const ROUNDS = 3;

const transactionView = z.object({ parts: z.array(z.uuid()) });
const partView = z.object({ timings: z.object({ keysMs: z.int(), proveMs: z.int(), verifyMs: z.int() }) });

interface Round {
  hereMs: number;
  longestPartMs: number;
  allPartsMs: number;
  referenceMs: number | undefined;
}

/**
 * Prints medians. `longest part` is the critical path: what the latency comes to, but for `besides`, where each proof has
 * a machine of its own.
 *
 * @param referenceExecutable Midnight's proof server; without it, its column stays empty.
 */
export async function benchTransactions(url: string, referenceExecutable: string | undefined): Promise<void> {
  const reference = referenceExecutable ? await startReferenceServer(referenceExecutable) : undefined;
  const rows = [];
  for (const outputs of OUTPUTS) {
    console.error(`/prove-tx with ${outputs} outputs, ${ROUNDS} rounds …`);
    const rounds: Round[] = [];
    // The first round warms both sides and is not counted.
    for (let round = 0; round <= ROUNDS; round++) rounds.push(await measure(outputs, url, reference?.url));
    rows.push(rowOf(outputs, rounds.slice(1)));
  }
  await reference?.stop();
  printTable(
    ['outputs', 'here ms', 'reference ms', 'here / reference', 'longest part ms', 'all parts ms', 'besides ms'],
    rows,
  );
}

function rowOf(outputs: number, rounds: Round[]) {
  const of = (figure: (round: Round) => number | undefined) =>
    median(rounds.map((round) => figure(round) ?? Number.NaN));
  return [
    outputs,
    of(({ hereMs }) => hereMs),
    of(({ referenceMs }) => referenceMs),
    of(({ hereMs, referenceMs }) => referenceMs && hereMs / referenceMs),
    of(({ longestPartMs }) => longestPartMs),
    of(({ allPartsMs }) => allPartsMs),
    of(({ hereMs, longestPartMs }) => hereMs - longestPartMs),
  ];
}

async function measure(outputs: number, url: string, referenceUrl: string | undefined): Promise<Round> {
  const body = () =>
    Uint8Array.from(createProvingTransactionPayload(unprovenZswapOutputs(outputs).transaction, new Map()));
  const here = await timed(url, body());
  const referenceMs = referenceUrl && (await timed(referenceUrl, body())).ms;
  const { parts } = transactionView.parse(await jobView(url, here.jobId));
  const partsMs = await Promise.all(
    parts.map(async (id) => {
      const { keysMs, proveMs, verifyMs } = partView.parse(await jobView(url, id)).timings;
      return keysMs + proveMs + verifyMs;
    }),
  );
  return {
    hereMs: here.ms,
    longestPartMs: Math.max(...partsMs),
    allPartsMs: partsMs.reduce((sum, ms) => sum + ms, 0),
    referenceMs: referenceMs || undefined,
  };
}

async function timed(url: string, body: Uint8Array<ArrayBuffer>): Promise<{ ms: number; jobId: string }> {
  const start = performance.now();
  const response = await fetch(`${url}/prove-tx`, { method: 'POST', body });
  const answer = await response.arrayBuffer();
  if (!response.ok) throw new Error(`${response.status} ${Buffer.from(answer).toString('utf8')}`);
  return { ms: performance.now() - start, jobId: response.headers.get('x-job-id') ?? '' };
}

const jobView = async (url: string, id: string): Promise<unknown> => (await fetch(`${url}/v1/jobs/${id}`)).json();

/**
 * `npm run bench:cold-start`: prove's container image from its entry point to its first proof, under AWS's Runtime Interface
 * Emulator, on one core and on two. Takes what test/packaging takes.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SQSBatchResponse } from 'aws-lambda';
import type { CircuitArtifacts } from '../core/artifacts/artifact.ts';
import { sha256OfFile } from '../core/artifacts/sha256.ts';
import { installEmulator, startEmulator } from '../local/emulator.ts';
import { progressOn } from '../local/progress.ts';
import { binaryIr, irFile } from '../test/generator/circuits.ts';
import { recordedPreimage } from '../test/generator/recorded.ts';
import { emulateLambda } from '../test/packaging/lambda-emulator.ts';
import { buildProveImage } from '../test/packaging/prove-image.ts';
import { createScratch, scratchEnvironment } from '../test/stack/scratch-aws.ts';
import { median, printTable } from './figures.ts';

const CIRCUITS = [
  { circuit: 'fallible/count', k: 6, preimage: 'fallible-count' },
  { circuit: 'simple-merkle-tree/store', k: 13, preimage: 'smt-store-12' },
  { circuit: 'midnight/zswap/output', k: 14, preimage: 'zswap-output-user' },
];
const CORES = [1, 2];
const ROUNDS = 5;

const { signal } = new AbortController();
const progress = progressOn(process.stderr);
const folder = await mkdtemp(join(tmpdir(), 'nightshift-bench-'));
const image = await progress.step('Image', buildProveImage);
const aws = await progress.step('Emulated AWS', async (report) =>
  startEmulator(await installEmulator(report, signal), folder, signal),
);
try {
  await createScratch(aws.endpoint);
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
  const rows = [];
  for (const one of CIRCUITS) {
    const keys = await storeKeys(one.circuit, one.k);
    for (const cores of CORES) {
      const title = `k=${one.k} on ${cores} of the cores`;
      rows.push(await progress.step(title, () => measure({ ...one, keys, cores })));
    }
  }
  printTable(['k', 'cores', 'init', 'keys', 'prove and verify', 'other', 'all'], rows);
} finally {
  await aws.stop();
  await rm(folder, { recursive: true });
}
process.exit();

/** As a deployment stores the keys that it derives. */
async function storeKeys(circuit: string, k: number): Promise<CircuitArtifacts> {
  const { pathOf } = await import('../core/artifacts/local-files.ts');
  const { storeInlined } = await import('../core/circuits/inlined.ts');
  const { paramsFor } = await import('../core/circuits/params.ts');
  const { nativeProver } = await import('../core/prover/native-prover.ts');
  const { bringParams } = await import('../functions/prefetch/bring-params.ts');
  await bringParams(k);
  const [ir, params] = [irFile(circuit), paramsFor(k)];
  const [proverPath, verifierPath] = [join(folder, 'prover'), join(folder, 'verifier')];
  await nativeProver().ask('keygen', {
    ir: { sha256: await sha256OfFile(ir), path: ir },
    params: { sha256: params.sha256, path: pathOf(params) },
    proverPath,
    verifierPath,
  });
  await nativeProver().stop();
  return {
    zkir: await storeInlined(binaryIr(circuit)),
    prover: { ...(await storeInlined(await readFile(proverPath))), derived: true },
    verifier: await storeInlined(await readFile(verifierPath)),
  };
}

interface Start {
  circuit: string;
  k: number;
  preimage: string;
  keys: CircuitArtifacts;
  cores: number;
}

/** A row: medians. */
async function measure({ k, cores, ...job }: Start): Promise<number[]> {
  const starts: Phases[] = [];
  for (let round = 0; round < ROUNDS; round++) starts.push(await coldStart({ k, cores, ...job }));
  const of = (phase: keyof Phases) => median(starts.map((start) => start[phase]));
  return [k, cores, of('init'), of('keys'), of('prove'), of('other'), of('all')];
}

/** In ms, by the emulator and by the job. */
type Phases = Record<'init' | 'keys' | 'prove' | 'other' | 'all', number>;

async function coldStart({ circuit, k, preimage, keys, cores }: Start): Promise<Phases> {
  const { LOCAL_TENANT } = await import('../core/access/tenant.ts');
  const { admitJob } = await import('../core/jobs/admit.ts');
  const { readJob } = await import('../core/jobs/job.ts');
  const { deliver } = await import('../test/stack/deliver.ts');
  const witness = recordedPreimage(preimage);
  const job = await admitJob({ tenant: LOCAL_TENANT, operation: 'prove', circuit, k, inlined: keys, witness });
  const lambda = await emulateLambda({
    image: image.image,
    environment: { ...image.environment, ...scratchEnvironment() },
    wrapper: ['taskset', '--cpu-list', `0-${cores - 1}`],
  });
  await deliver(job.lane, async (event) => (await lambda.invoke(event)) as SQSBatchResponse);
  const log = await lambda.stop();
  const ended = await readJob(LOCAL_TENANT, job.id);
  if (ended?.operation !== 'prove' || !ended.timings) throw new Error(`The job is ${ended?.state}.\n${log}`);
  const { keysMs = 0, proveMs = 0, verifyMs = 0 } = ended.timings;
  const [init, all] = [figureIn(log, /INIT REPORT\(durationMs: ([\d.]+)\)/), figureIn(log, /\tDuration: ([\d.]+) ms/)];
  return { init, keys: keysMs, prove: proveMs + verifyMs, other: all - init - keysMs - proveMs - verifyMs, all };
}

function figureIn(log: string, pattern: RegExp): number {
  const [, figure] = log.match(pattern) ?? [];
  if (!figure) throw new Error(`The emulator does not say ${pattern}:\n${log}`);
  return Number(figure);
}

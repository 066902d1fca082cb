/** What a claimed job computes. */
import { withArtifacts } from '../artifacts/at-hand.ts';
import { CorruptObjectError, MissingObjectError } from '../artifacts/damage.ts';
import { paramsFor } from '../circuits/params.ts';
import { keysFor, zkirFor } from '../keys/for-job.ts';
import { BYTES_PER_MB } from '../limits.ts';
import { countMetric } from '../metrics.ts';
import { InvalidProofError } from '../prover/failures.ts';
import type { NativeProver } from '../prover/native-prover.ts';
import { verifiedProof } from '../prover/verified-proof.ts';
import type { ProofSuccess } from './end.ts';
import type { Job, ProofJob } from './job.ts';

/**
 * Runs the job's operation on its witness. The proof has been verified when it comes back.
 *
 * @param witness a tagged proof preimage. What a client sealed is read here for the first time.
 * @param signal aborts when the time is up: the prover is killed.
 * @throws NightshiftError with the code the job ends with; ProverFailure if another attempt may do better.
 */
export async function runJob(
  job: Job,
  witness: Uint8Array,
  native: NativeProver,
  signal: AbortSignal,
): Promise<ProofSuccess> {
  if (job.operation === 'transaction') throw new Error('a transaction is no work for a proving lane');
  const preimage = await readWitness(job, witness, native, signal);
  return job.operation === 'prove' ? prove(job, preimage, native, signal) : check(job, preimage, native, signal);
}

/** @returns the preimage, binding input applied. @throws NightshiftError INVALID_REQUEST if it can't be read. */
async function readWitness(
  { bindingInput }: ProofJob,
  body: Uint8Array,
  native: NativeProver,
  signal: AbortSignal,
): Promise<Uint8Array> {
  return (await native.ask('inspect', { endpoint: 'preimage', body, bindingInput }, signal)).preimage;
}

async function prove(
  job: ProofJob,
  preimage: Uint8Array,
  native: NativeProver,
  signal: AbortSignal,
): Promise<ProofSuccess> {
  const keys = await keysFor(job);
  const { zkir: ir, prover, verifier } = keys.artifacts;
  const artifacts = { ir, prover, verifier, params: paramsFor(keys.k, keys.parameters) };
  const { answer, fetchMs } = await withArtifacts(
    native,
    artifacts,
    (files) => verifiedProof(native, { preimage, ...files }, keys.parameters, signal),
    signal,
  ).catch(async (error) => {
    if (error instanceof CorruptObjectError || error instanceof MissingObjectError) await keys.damaged();
    if (error instanceof InvalidProofError) countMetric('InvalidProofs');
    throw error;
  });
  const { readMs, unpackMs, parseMs, proveMs } = answer.timings;
  return {
    state: 'succeeded',
    result: answer.proof,
    statement: answer.statement,
    timings: {
      queuedMs: queuedMs(job),
      keysMs: Math.round(fetchMs + readMs + unpackMs + parseMs),
      proveMs: Math.round(proveMs),
      verifyMs: Math.round(answer.verifyMs),
    },
    peakMemoryMb: Math.round(answer.peakResidentBytes / BYTES_PER_MB),
  };
}

async function check(
  job: ProofJob,
  preimage: Uint8Array,
  native: NativeProver,
  signal: AbortSignal,
): Promise<ProofSuccess> {
  const { answer } = await withArtifacts(
    native,
    { ir: await zkirFor(job) },
    (files) => native.ask('check', { preimage, ...files }, signal),
    signal,
  );
  return { state: 'succeeded', result: answer.result };
}

const queuedMs = ({ createdAt, startedAt }: ProofJob): number =>
  Date.parse(startedAt ?? createdAt) - Date.parse(createdAt);

/** A job as `/v1` shows it. */
import { noteOnJob } from '../contracts/development.ts';
import type { Job } from '../jobs/job.ts';

/** Times are ISO 8601, durations milliseconds, the proof base64, the statement decimals. */
export function jobView(job: Job) {
  const { id, operation, state, lane, createdAt, attempts, startedAt, endedAt, error } = job;
  const self = `/v1/jobs/${id}`;
  const links = { self, proof: `${self}/proof` };
  const common = { id, operation, state, lane, createdAt, attempts, startedAt, endedAt, error, links };
  if (job.operation === 'transaction') return { ...common, parts: job.parts };
  const { circuit, contract, k, parent, timings, peakMemoryMb, statement, result } = job;
  const proof = operation === 'prove' && result ? Buffer.from(result).toString('base64') : undefined;
  return {
    ...common,
    circuit,
    contract,
    ...noteOnJob(job),
    k,
    parent,
    timings,
    peakMemoryMb,
    statement,
    proof,
  };
}

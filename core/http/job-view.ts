/** A job as `/v1` shows it. */
import type { Job } from '../jobs/job.ts';

/** Times are ISO 8601, durations milliseconds, the proof base64, the statement decimals. */
export function jobView(job: Job) {
  const { id, state, circuit, k, lane, createdAt, attempts, startedAt, endedAt } = job;
  const self = `/v1/jobs/${id}`;
  return {
    id,
    state,
    circuit,
    k,
    lane,
    createdAt,
    attempts,
    startedAt,
    endedAt,
    timings: job.timings,
    peakMemoryMb: job.peakMemoryMb,
    proof: job.operation === 'prove' && job.result ? Buffer.from(job.result).toString('base64') : undefined,
    statement: job.statement,
    error: job.error,
    links: { self, proof: `${self}/proof` },
  };
}

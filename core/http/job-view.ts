/** A job as `/v1` shows it: the shape is in `core/api/jobs.ts`. */
import type { z } from 'zod';
import type { jobView as schema } from '../api/jobs.ts';
import { noteOnJob } from '../contracts/development.ts';
import type { Job, ProofJob } from '../jobs/job.ts';
import { laneNamed } from '../jobs/lane-of.ts';
import { invocationUsd } from '../prices.ts';

export type JobView = z.infer<typeof schema>;

export const pathOf = ({ id }: Pick<Job, 'id'>): string => `/v1/jobs/${id}`;

/** With everything that is known of it. */
export const jobView = (job: Job): JobView => ({
  ...jobSummary(job),
  ...(job.operation === 'prove' && {
    statement: job.statement,
    proof: job.result && Buffer.from(job.result).toString('base64'),
  }),
});

/** Without what it came to. */
export function jobSummary(job: Job): JobView {
  const { id, operation, state, lane, labels, batch, attempts, createdAt, deadlineAt, startedAt, endedAt, error } = job;
  const self = pathOf(job);
  return {
    id,
    operation,
    state,
    ...(job.operation === 'transaction' ? { parts: job.parts } : circuitOf(job)),
    lane,
    labels,
    batch,
    createdAt,
    deadlineAt,
    startedAt,
    endedAt,
    attempts,
    ...(job.operation !== 'transaction' && { timings: job.timings, peakMemoryMb: job.peakMemoryMb }),
    costUsd: costOf(job),
    error,
    links: { self, proof: `${self}/proof` },
  };
}

function circuitOf(job: ProofJob) {
  const { circuit, contract, k, parent } = job;
  return { circuit, contract, ...noteOnJob(job), k, parent };
}

/** Of its lane's function. When attempts before the last one ended is not known. */
function costOf({ lane: name, attempts, startedAt, endedAt }: Job): number | undefined {
  const lane = laneNamed(name);
  if (!lane || !startedAt || !endedAt || attempts > 1) return undefined;
  return invocationUsd(lane, (Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
}

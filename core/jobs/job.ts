/** A job as its row holds it. */
import { z } from 'zod';
import { circuitArtifacts } from '../artifacts/artifact.ts';
import { currentTime } from '../clock.ts';
import { circuitName } from '../contracts/names.ts';
import { ERROR_CODES } from '../errors.ts';
import { LANE_NAMES } from '../lanes.ts';
import { keyOf, PARTITION } from '../store/row-keys.ts';
import { rowAt, rowsOf } from '../store/table.ts';
import { hasEnded, JOB_STATES } from './state.ts';

const timings = z.object({ queuedMs: z.int(), keysMs: z.int(), proveMs: z.int(), verifyMs: z.int() });

const publicErrorSchema = z.object({ code: z.enum(ERROR_CODES), message: z.string() });

const anyJob = z.object({
  id: z.uuid(),
  tenant: z.string(),
  /** The id of the API key that it was asked for with. */
  apiKey: z.string().optional(),
  state: z.enum(JOB_STATES),
  lane: z.enum(LANE_NAMES),
  createdAt: z.iso.datetime(),
  /** Given up by then. */
  deadlineAt: z.iso.datetime().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  /** The batch that it came in with. */
  batch: z.uuid().optional(),
  /** Asked for, by itself or as part of a transaction, by a request that waits for it: what it comes to is not kept for long. */
  synchronous: z.boolean().optional(),
  enqueuedAt: z.iso.datetime().optional(),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  /** Which items of its lane's and its tenant's counts it is counted in. A part of a transaction is none of its tenant's. */
  shards: z.object({ lane: z.int(), tenant: z.int().optional() }),
  /** The record that goes with the request, if that can be repeated. */
  idempotencyKey: z.string().optional(),
  /** Attempts so far; the number of the running one is the fencing token of its writes. */
  attempts: z.int(),
  /** Until then the running attempt is taken to be alive. */
  attemptEndsAt: z.iso.datetime().optional(),
  /** The message that the running attempt came by. It is delivered again if the attempt dies. */
  message: z.string().optional(),
  /** Why the last attempt that said anything came to nothing. */
  lastError: publicErrorSchema.optional(),
  /** Tagged bytes: what the operation answers. */
  result: z.instanceof(Uint8Array).optional(),
  /** When the row is of no use any more: epoch seconds. It may be there for longer. */
  expiresAt: z.number().optional(),
  /** Where the result lies that is too large for the row. */
  resultObject: z.string().optional(),
  error: publicErrorSchema.optional(),
});

/** One circuit: `prove` answers `proof-versioned`, `check` which parts of the transcript are skipped, `vec(option(u64))`. */
const proofJob = anyJob.extend({
  operation: z.enum(['prove', 'check']),
  circuit: circuitName,
  /** The contract that the circuit is in, unless it is built in or its keys came along. */
  contract: z.string().optional(),
  /** Takes the place of the preimage's own, which nobody could write it into before it was sealed; a decimal. */
  bindingInput: z.string().optional(),
  k: z.int(),
  /** Estimated peak memory of the prover. */
  provingBytes: z.int().optional(),
  /** Keys of this deployment: the id of their row, and the verifier key that was given for the circuit. */
  keys: z.object({ id: z.string(), verifierSha256: z.string().optional() }).optional(),
  /** Keys that came with the request. */
  inlined: circuitArtifacts.partial().optional(),
  /** The transaction that this proof is for. It is part of what that one was admitted for. */
  parent: z.uuid().optional(),
  timings: timings.optional(),
  peakMemoryMb: z.number().optional(),
  /** Public inputs, as decimals, that the proof verifies against. */
  statement: z.array(z.string()).optional(),
});
export type ProofJob = z.infer<typeof proofJob>;

/** A transaction with all its proofs: answers the proven transaction. */
const transactionJob = anyJob.extend({
  operation: z.literal('transaction'),
  /** Circuits whose keys came with the request, by key location. */
  circuits: z.record(circuitName, z.object({ k: z.int(), artifacts: circuitArtifacts })),
  /** The jobs that its checks and proofs were. */
  parts: z.array(z.uuid()).optional(),
});
export type TransactionJob = z.infer<typeof transactionJob>;

const jobSchema = z.discriminatedUnion('operation', [proofJob, transactionJob]);
export type Job = z.infer<typeof jobSchema>;

/** Where the index lists them. */
export const jobsOf = (tenant: string): string => `${PARTITION.tenant}${tenant}`;

/** @returns undefined if the tenant has no such job. */
export async function readJob(tenant: string, id: string): Promise<Job | undefined> {
  const job = await readAnyJob(id);
  return job && isOf(tenant)(job) ? job : undefined;
}

/** An answer that is not kept any longer is as good as gone: DynamoDB takes its time. */
const isOf =
  (tenant: string) =>
  (job: Job): boolean =>
    job.tenant === tenant &&
    !(job.synchronous && hasEnded(job) && (job.expiresAt ?? 0) * 1000 <= currentTime().getTime());

/** For those who work at jobs, whosever they are. @returns undefined if there is none. */
export async function readAnyJob(id: string): Promise<Job | undefined> {
  const row = await rowAt(keyOf.job(id));
  return row && jobSchema.parse(row);
}

/** @returns those that the tenant has, by id. */
export async function readJobs(tenant: string, ids: string[]): Promise<Map<string, Job>> {
  const jobs = await readAnyJobs(ids);
  return new Map(jobs.filter(isOf(tenant)).map((job) => [job.id, job]));
}

/** @returns those that there are, in no order. @param onUnreadable is told of rows that are none; without it, they throw. */
export async function readAnyJobs(ids: string[], onUnreadable?: (id: string, error: Error) => void): Promise<Job[]> {
  const rows = await rowsOf(ids.map(keyOf.job));
  return rows.flatMap((row) => {
    const { data, error } = jobSchema.safeParse(row);
    if (data) return [data];
    if (!onUnreadable) throw error;
    onUnreadable(String(row.id), error);
    return [];
  });
}

/** A job as its row holds it. */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { circuitArtifacts } from '../artifacts/artifact.ts';
import { tableName } from '../config.ts';
import { ERROR_CODES } from '../errors.ts';
import { LANE_NAMES } from '../lanes.ts';
import { MAX_CIRCUIT_NAME } from '../limits.ts';
import { keyOf, table } from '../store/table.ts';

/** Until tenants exist there is one. */
export const LOCAL_TENANT = 'local';

const JOB_STATES = ['queued', 'proving', 'succeeded', 'failed', 'cancelled', 'expired'] as const;
export type JobState = (typeof JOB_STATES)[number];

const TERMINAL: ReadonlySet<JobState> = new Set(['succeeded', 'failed', 'cancelled', 'expired']);

/** A prove job answers with a proof; a check job with the skips of the transcript (tagged `vec(option(u64))`). */
const operation = z.enum(['prove', 'check']);
export type Operation = z.infer<typeof operation>;

/** The key location in the preimage. */
export const circuitName = z.string().min(1).max(MAX_CIRCUIT_NAME);

const timings = z.object({ queuedMs: z.int(), keysMs: z.int(), proveMs: z.int(), verifyMs: z.int() });

const jobSchema = z.object({
  id: z.uuid(),
  tenant: z.string(),
  operation,
  state: z.enum(JOB_STATES),
  circuit: circuitName,
  k: z.int(),
  lane: z.enum(LANE_NAMES),
  /** Keys that came with the request. Without them the circuit is a built-in one. */
  inlined: circuitArtifacts.partial().optional(),
  createdAt: z.iso.datetime(),
  enqueuedAt: z.iso.datetime().optional(),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  /** Attempts so far; the number of the running one is the fencing token of its writes. */
  attempts: z.int(),
  /** Until then the running attempt is taken to be alive. */
  attemptEndsAt: z.iso.datetime().optional(),
  timings: timings.optional(),
  peakMemoryMb: z.number().optional(),
  /** Tagged bytes: `proof-versioned` of a prove job, `vec(option(u64))` of a check job. */
  result: z.instanceof(Uint8Array).optional(),
  /** Public inputs, as decimals, that the proof verifies against. */
  statement: z.array(z.string()).optional(),
  error: z.object({ code: z.enum(ERROR_CODES), message: z.string() }).optional(),
});
export type Job = z.infer<typeof jobSchema>;

export const hasEnded = (job: Job): boolean => TERMINAL.has(job.state);

/** @returns undefined if the tenant has no such job. */
export async function readJob(tenant: string, id: string): Promise<Job | undefined> {
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: keyOf.job(id), ConsistentRead: true }),
  );
  const job = Item && jobSchema.parse(Item);
  return job?.tenant === tenant ? job : undefined;
}

/**
 * What the audit log holds: who asked for what when, and what came of it; who was refused; what became of tenants and keys.
 * Never a witness, a statement, a result or a label.
 */
import { z } from 'zod';
import { apiKeyRow } from '../access/api-key.ts';
import { tenantRow } from '../access/tenant.ts';
import { circuitName } from '../contracts/names.ts';
import { ERROR_CODES } from '../errors.ts';
import { JOB_STATES } from '../jobs/state.ts';
import { LANE_NAMES } from '../lanes.ts';

const time = z.iso.datetime();

/** A job has ended. */
export const jobRecord = z.object({
  event: z.literal('job'),
  /** When it happened. */
  at: time,
  tenant: z.string(),
  /** The id of the API key. */
  apiKey: z.string().optional(),
  job: z.uuid(),
  batch: z.uuid().optional(),
  /** The transaction that it is a part of. */
  parent: z.uuid().optional(),
  operation: z.enum(['prove', 'check', 'transaction']),
  circuit: circuitName.optional(),
  contract: z.string().optional(),
  k: z.int().optional(),
  /** Of a transaction: circuits whose keys came along. Its proofs are jobs of their own. */
  circuits: z.array(circuitName).optional(),
  lane: z.enum(LANE_NAMES),
  state: z.enum(JOB_STATES),
  /** Why it came to nothing, if it did. */
  code: z.enum(ERROR_CODES).optional(),
  attempts: z.int(),
  createdAt: time,
  startedAt: time.optional(),
});

/** A request was refused: 401, 403 or 429. */
export const refusalRecord = z.object({
  event: z.literal('refusal'),
  at: time,
  tenant: z.string().optional(),
  apiKey: z.string().optional(),
  method: z.string(),
  /** The path, with names of parameters in place of what was sent. */
  resource: z.string(),
  status: z.int(),
  code: z.enum(ERROR_CODES),
  /** API Gateway's id of it; the access log has the address that it came from, for as long as there are logs. */
  request: z.string().optional(),
});
export type Refusal = Omit<z.infer<typeof refusalRecord>, 'event' | 'at'>;

const change = z.enum(['made', 'changed', 'removed']);

/** An operator's doing. */
export const apiKeyRecord = apiKeyRow
  .omit({ sha256: true, id: true, lastUsedAt: true })
  .extend({ event: z.literal('apiKey'), at: time, change, apiKey: z.uuid() });

export const tenantRecord = tenantRow
  .omit({ id: true })
  .extend({ event: z.literal('tenant'), at: time, change, tenant: z.string() });

/** Something of the above happened to a row that this version can't read. */
export const unreadableRecord = z.object({
  event: z.literal('unreadable'),
  at: time,
  row: z.object({ PK: z.string(), SK: z.string() }),
});

export type AuditRecord = z.infer<
  typeof jobRecord | typeof refusalRecord | typeof apiKeyRecord | typeof tenantRecord | typeof unreadableRecord
>;

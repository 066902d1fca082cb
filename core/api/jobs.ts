/** Jobs as `/v1` takes and shows them. */
import * as z from 'zod';
import { circuitName, contractId } from '../contracts/names.ts';
import { JOB_STATES } from '../jobs/state.ts';
import { PROVING_LANE_NAMES } from '../lanes.ts';
import { DEFAULT_PAGE, MAX_IDEMPOTENCY_KEY, MAX_PAGE, MAX_WAIT_SECONDS, QUEUE_RETENTION_HOURS } from '../limits.ts';
import {
  base64,
  decimal,
  developmentNote,
  failure,
  labels,
  laneName,
  milliseconds,
  oneOfOrNewer,
  usDollars,
  uuid,
} from './fields.ts';

/** The circuit that something is about. */
export const circuitReference = {
  circuit: circuitName,
  contract: contractId.optional().meta({ description: 'The contract that the circuit is in, unless it is built in' }),
};

const deadline = <N extends z.ZodNumber | z.ZodCoercedNumber<string>>(seconds: N) =>
  seconds
    .min(1)
    .max(QUEUE_RETENTION_HOURS * 3600)
    .optional()
    .meta({ description: 'The job is given up if it has not ended so many seconds after it was taken' });

const jobOptions = {
  id: uuid.optional().meta({ description: 'The id that the job is to have; drawn if not given' }),
  deadlineSeconds: deadline(z.int()),
  lane: z.enum(PROVING_LANE_NAMES).optional().meta({ description: 'A larger lane than the circuit needs: more cores' }),
};

/** The largest field element has so many digits. */
const FIELD_DIGITS = 77;

/** One proof. */
export const proofRequest = {
  ...circuitReference,
  preimage: base64('A tagged proof preimage'),
  // Beside a sealed witness it goes into the job's row.
  bindingInput: decimal
    .max(FIELD_DIGITS)
    .optional()
    .meta({ description: "Takes the place of the preimage's own; a decimal" }),
};

/** One proof, whose witness may be sealed. */
export const proofForm = {
  ...proofRequest,
  preimage: proofRequest.preimage.optional(),
  sealed: z.base64().optional().meta({
    description:
      "Instead of the preimage: it, sealed for this job with the key of /v1/sealing-key. In base64: the byte 1, the key's id (16 bytes), HPKE's enc (65 bytes) and ct. HPKE's aad is the JSON array of tenant (see /v1/info), id, operation, circuit, contract and bindingInput, without spaces; null stands for what is not there",
  }),
  ...jobOptions,
  labels: labels.optional(),
};

interface Witnesses {
  id?: string | undefined;
  preimage?: string | undefined;
  sealed?: string | undefined;
}

/** Either the preimage, or, sealed for the job of this id. */
export function withOneWitness<Form extends Witnesses>(
  { preimage, sealed, id, ...form }: Form,
  { issues, value }: z.core.ParsePayload,
) {
  if (preimage !== undefined && sealed === undefined) return { ...form, id, preimage };
  if (sealed !== undefined && preimage === undefined && id !== undefined) return { ...form, id, sealed };
  const message =
    (sealed === undefined) === (preimage === undefined)
      ? 'give either preimage or sealed'
      : 'id: what is sealed is sealed for the job of an id';
  issues.push({ code: 'custom', message, input: value });
  return z.NEVER;
}

/** In JSON Schema's terms. */
export const ONE_WITNESS = { oneOf: [{ required: ['preimage'] }, { required: ['sealed', 'id'] }] };

export const jobForm = z
  .strictObject({
    operation: z
      .enum(['prove', 'check'])
      .default('prove')
      .meta({ description: 'A check proves nothing: it runs the circuit' }),
    ...proofForm,
  })
  .transform(withOneWitness)
  .meta({ id: 'JobForm', ...ONE_WITNESS });
export type JobForm = z.infer<typeof jobForm>;

/** In a query. */
const labelParameters = z
  .array(z.string().regex(/^[^:]+:/, 'must be name:value'))
  .transform((pairs) => Object.fromEntries(pairs.map((pair) => splitAt(pair, pair.indexOf(':')))))
  .pipe(labels)
  .optional()
  .meta({ description: 'name:value, any number of times', example: ['wallet:7'] });

const splitAt = (pair: string, colon: number) => [pair.slice(0, colon), pair.slice(colon + 1)];

/** Beside a body of tagged bytes, in the query. */
export const jobQuery = z.strictObject({
  contract: circuitReference.contract,
  id: jobOptions.id,
  deadlineSeconds: deadline(z.coerce.number<string>().int()),
  lane: jobOptions.lane,
  label: labelParameters,
});

export const idempotencyKey = z.string().min(1).max(MAX_IDEMPOTENCY_KEY).meta({
  description: 'The same request with the same key comes to the same job for 24 hours, also if its answer was lost',
});

export const waitQuery = z.strictObject({
  wait: z.coerce
    .number<string>()
    .min(0)
    .max(MAX_WAIT_SECONDS)
    .default(0)
    .meta({ description: 'Answer when it has ended, or after so many seconds' }),
});

export const jobWaitQuery = waitQuery.extend({
  after: z
    .enum(['queued', 'proving'])
    .optional()
    .meta({ description: 'With wait: answer as soon as the job is in a later state than this' }),
});

export const jobId = z.object({ id: uuid });

/** Newest first. */
export const listQuery = z.strictObject({
  state: z.enum(JOB_STATES).optional(),
  label: labelParameters,
  parent: uuid.optional().meta({ description: 'The parts of that transaction, which are left out otherwise' }),
  limit: z.coerce.number<string>().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
  cursor: z.string().max(1024).optional().meta({ description: 'From `next` of the page before' }),
});

export const estimate = z
  .object({
    queuedMs: milliseconds('Expected wait in the queue'),
    keysMs: milliseconds('Expected time to load keys, where they are not in memory'),
    proveMs: milliseconds('Expected time to prove'),
    costUsd: usDollars('Expected price of the computation'),
  })
  .meta({ id: 'Estimate', description: 'What the job is expected to take, from measurements and the lane as it is' });

const timings = z
  .object({
    queuedMs: milliseconds('From admission to the first attempt'),
    keysMs: milliseconds('To have keys and parameters at hand'),
    proveMs: milliseconds('To prove'),
    verifyMs: milliseconds('To verify the proof before it was published'),
  })
  .meta({ id: 'Timings' });

/** Times are ISO 8601. */
export const jobView = z
  .object({
    id: z.uuid(),
    operation: oneOfOrNewer(['prove', 'check', 'transaction'], 'What the job does'),
    state: z.enum(JOB_STATES),
    circuit: circuitName.optional().meta({ description: 'Not of a transaction' }),
    contract: contractId.optional(),
    ...developmentNote,
    k: z.int().optional().meta({ description: 'The circuit has up to 2^k rows' }),
    lane: laneName,
    labels: labels.optional(),
    parent: z.uuid().optional().meta({ description: 'The transaction that this proof is for' }),
    batch: z.uuid().optional(),
    parts: z.array(z.uuid()).optional().meta({ description: "The jobs of a transaction's proofs" }),
    createdAt: z.iso.datetime(),
    deadlineAt: z.iso.datetime().optional(),
    startedAt: z.iso.datetime().optional(),
    endedAt: z.iso.datetime().optional(),
    attempts: z.int(),
    estimate: estimate.optional().meta({ description: 'In the answer to the submission' }),
    timings: timings.optional(),
    peakMemoryMb: z.number().optional(),
    costUsd: usDollars('What the computation cost; missing where it took several attempts').optional(),
    error: failure.optional(),
    statement: z.array(decimal).optional().meta({ description: 'Public inputs that the proof verifies against' }),
    proof: base64('The tagged, versioned proof').optional(),
    links: z.object({ self: z.string(), proof: z.string() }),
  })
  .meta({ id: 'Job' });

export const jobList = z
  .object({
    jobs: z.array(jobView.omit({ proof: true, statement: true })),
    next: z.string().optional().meta({ description: 'Cursor of the next page, if there is one' }),
  })
  .meta({ id: 'JobList' });

export const proofView = z
  .object({ proof: base64('What the job came to, tagged'), statement: z.array(decimal).optional() })
  .meta({ id: 'Proof' });

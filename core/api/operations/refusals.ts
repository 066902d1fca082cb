/** Answers that refuse, in OpenAPI's terms: problems with their codes, those of API Gateway among them. */
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { ERROR_CODES, type ErrorCode, statusOf } from '../../errors.ts';
import { headersNamed } from './answers.ts';

const MEANING: Record<ErrorCode, string> = {
  INVALID_REQUEST: 'the request is not what it has to be, and `detail` names the fields',
  INVALID_WITNESS: 'the preimage does not satisfy its circuit',
  INVALID_CIRCUIT: 'ZKIR or keys that can not be read',
  PAYLOAD_TOO_LARGE: 'the body is too large, as it was sent or once it is unpacked',
  CIRCUIT_NOT_FOUND: 'there is no such circuit',
  CONTRACT_NOT_FOUND: 'there is no such contract',
  JOB_NOT_FOUND: 'there is no such job, or it ended more than a day ago',
  BATCH_NOT_FOUND: 'there is no such batch, or it ended more than a day ago',
  SEALING_KEY_NOT_FOUND: 'there is no such sealing key, or it is too old: seal again with the current one',
  CONFLICT: "the Idempotency-Key, or the job's id, is another request's",
  UNAUTHENTICATED: 'an API key is needed, and none that works came along',
  FORBIDDEN: 'this may not be done here, or not with this API key',
  CIRCUIT_TOO_LARGE: 'no lane takes a circuit of this size',
  KEY_MISMATCH: 'the verifier key that was given does not belong to the circuit',
  PARAMS_UNAVAILABLE: 'public parameters or keys are missing',
  PROOF_GENERATION_FAILED: 'the prover failed',
  PROOF_NOT_READY: 'the job has not ended yet',
  TIMEOUT: 'time ran out',
  OUT_OF_MEMORY: 'the prover ran out of memory',
  QUEUE_FULL: 'as many jobs wait as may',
  RATE_LIMITED: "too many requests at once, or a limit of the caller's is reached: the answer names it",
  UNAVAILABLE: 'no function could answer: ask again',
  CANCELLED: 'the job was cancelled',
  EXPIRED: "the job's time was up before it was proved",
  INTERNAL: 'a fault of the server: ask again',
};

/** Whatever is asked may be answered so. */
const ANYWHERE: readonly ErrorCode[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED', 'UNAVAILABLE', 'INTERNAL'];

/** API Gateway may say so before a function has seen the request; it calls a problem JSON. */
const BY_GATEWAY: ReadonlySet<ErrorCode> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'PAYLOAD_TOO_LARGE',
  'RATE_LIMITED',
  'UNAVAILABLE',
]);

/** What may go well a moment later. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['RATE_LIMITED', 'UNAVAILABLE', 'INTERNAL']);

/** @param codes those that are the operation's own. */
export function refusals(...codes: ErrorCode[]): ZodOpenApiResponsesObject {
  const own = ERROR_CODES.filter((code) => codes.includes(code) || ANYWHERE.includes(code));
  const byStatus = Map.groupBy(own, statusOf);
  return Object.fromEntries([...byStatus].map(([status, codes]) => [status, refusal(status, codes)]));
}

function refusal(status: number, codes: ErrorCode[]): ZodOpenApiResponseObject {
  const mayPass = codes.some((code) => PASSING.has(code));
  return {
    description: `${codes.map((code) => `${code}: ${MEANING[code]}`).join('. ')}.`,
    headers: headersNamed('X-Nightshift-Version', ...(mayPass ? (['Retry-After'] as const) : [])),
    content: {
      'application/problem+json': { schema: problemWith(status, codes) },
      ...(codes.some((code) => BY_GATEWAY.has(code)) && { 'application/json': { schema: PROBLEM } }),
    },
  };
}

const PROBLEM = { $ref: '#/components/schemas/Problem' };

const problemWith = (status: number, codes: ErrorCode[]) => ({
  allOf: [PROBLEM, { properties: { status: { const: status }, code: { enum: codes } } }],
});

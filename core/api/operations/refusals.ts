/** Answers that refuse, in OpenAPI's terms: problems with their codes, and what API Gateway says by itself. */
import { z } from 'zod';
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
  RATE_LIMITED: "a limit of the caller's is reached: the answer names it",
  CANCELLED: 'the job was cancelled',
  EXPIRED: "the job's time was up before it was proved",
  INTERNAL: 'a fault of the server: ask again',
};

/** Whatever is asked may be answered so. */
const ANYWHERE: readonly ErrorCode[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'INTERNAL'];

export const gatewayMessage = z
  .object({ message: z.string() })
  .meta({ id: 'GatewayMessage', description: 'What is answered before a function has seen the request' });

/** Any request may be answered so by the gateway. */
const BUSY: Record<number, string> = { 429: 'there are too many requests', 503: 'no function can answer' };

/** @param codes those that are the operation's own. */
export function refusals(...codes: ErrorCode[]): ZodOpenApiResponsesObject {
  const own = ERROR_CODES.filter((code) => codes.includes(code) || ANYWHERE.includes(code));
  const byStatus = Map.groupBy(own, statusOf);
  const statuses = new Set([...byStatus.keys(), ...Object.keys(BUSY).map(Number)]);
  return Object.fromEntries([...statuses].map((status) => [status, refusal(status, byStatus.get(status) ?? [])]));
}

function refusal(status: number, codes: ErrorCode[]): ZodOpenApiResponseObject {
  const busy = BUSY[status];
  const mayPass = busy !== undefined || codes.includes('INTERNAL');
  // The gateway takes no larger body than a function does.
  const isTooLarge = codes.includes('PAYLOAD_TOO_LARGE');
  const meanings = [...codes.map((code) => `${code}: ${MEANING[code]}`), ...(busy ? [`By the gateway: ${busy}`] : [])];
  return {
    description: `${meanings.join('. ')}.`,
    headers: headersNamed('X-Nightshift-Version', ...(mayPass ? (['Retry-After'] as const) : [])),
    content: {
      ...(codes.length > 0 && { 'application/problem+json': { schema: problemWith(status, codes) } }),
      ...((busy || isTooLarge) && { 'application/json': { schema: gatewayMessage } }),
      ...(isTooLarge && { 'text/plain': { schema: z.string() } }),
    },
  };
}

const problemWith = (status: number, codes: ErrorCode[]) => ({
  allOf: [
    { $ref: '#/components/schemas/Problem' },
    { properties: { status: { const: status }, code: { enum: codes } } },
  ],
});

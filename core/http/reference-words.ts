/** What the reference proof server would say of an error. Nothing here needs a function's environment. */
import { type ErrorCode, statusOf } from '../errors.ts';
import { BYTES_PER_MB, MAX_BODY_BYTES } from '../limits.ts';

const NOT_MENDED_BY_RETRY: ReadonlySet<ErrorCode> = new Set([
  'PARAMS_UNAVAILABLE',
  'OUT_OF_MEMORY',
  'PROOF_GENERATION_FAILED',
]);

/** Refusals that are no fault of the body's. */
const NOT_OF_THE_BODY: ReadonlySet<ErrorCode> = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED']);

/** Answer to a body above `MAX_BODY_BYTES`. */
export const BODY_TOO_LARGE = `The body is too large: the API takes up to ${(MAX_BODY_BYTES / BYTES_PER_MB).toFixed(1)} MB. Send no keys: register the contract once, and give your client a key provider that throws, so that it sends none.`;

/** An answer of plain text. */
export interface Words {
  status: number;
  text: string;
}

/** Of a request that was not taken. Bodies that can't be read get the reader's words as they are, as in the reference. */
export const refusalInWords = (code: ErrorCode, message: string): Words =>
  code === 'INVALID_REQUEST' ? { status: 400, text: message } : failureInWords(code, message);

/** Of a job that came to nothing. */
export function failureInWords(code: ErrorCode, message: string): Words {
  if (code === 'QUEUE_FULL') return { status: 429, text: 'Job Queue full' };
  if (code === 'PAYLOAD_TOO_LARGE') return { status: 413, text: message };
  const text = `${code}: ${message}`;
  if (NOT_OF_THE_BODY.has(code)) return { status: statusOf(code), text };
  // The job is over without a fault of the request's: the same request again is a new job.
  if (code === 'EXPIRED' || code === 'CANCELLED') return { status: 503, text };
  if (statusOf(code) < 500) return { status: 400, text: `bad input: ${message}` };
  // Clients retry 500 and 503 at once: only what a retry may mend is answered so.
  return { status: NOT_MENDED_BY_RETRY.has(code) ? 400 : statusOf(code), text };
}

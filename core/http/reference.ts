/** The reference proof server's own words, for the compatible endpoints. */
import type { APIGatewayProxyResult } from 'aws-lambda';
import { noteOnJob, warningHeader } from '../contracts/development.ts';
import { type ErrorCode, publicError, statusOf } from '../errors.ts';
import { resultOf } from '../jobs/end.ts';
import type { Job } from '../jobs/job.ts';
import { MAX_BODY_BYTES, RETRY_AFTER_SECONDS } from '../limits.ts';
import { binary, text } from './answers.ts';

const NOT_MENDED_BY_RETRY: ReadonlySet<ErrorCode> = new Set([
  'PARAMS_UNAVAILABLE',
  'OUT_OF_MEMORY',
  'PROOF_GENERATION_FAILED',
]);

/** Answer to a body above `MAX_BODY_BYTES`. It has no quotes, so that a gateway response can carry it, too. */
export const BODY_TOO_LARGE = `The body is too large: the API takes up to ${(MAX_BODY_BYTES / 1e6).toFixed(1)} MB. Send no keys: register the contract once, and give your client a key provider that throws, so that it sends none.`;

/** A point in time the way the reference prints it. */
export const timestamp = (): string => new Date().toISOString().replace('T', ' ').replace('Z', ' +00:00:00');

/** What a job came to, or 503 with its id if it goes on longer than a request may wait. */
export async function jobAnswer(job: Job): Promise<APIGatewayProxyResult> {
  const headers = { 'x-job-id': job.id, ...warningHeader(noteOnJob(job)) };
  const result = await resultOf(job);
  if (result) return binary(200, result, headers);
  if (job.error) return failure(job.error.code, job.error.message, headers);
  return text(503, `Job ${job.id} is ${job.state}. Send the same request again: it will wait for this job.`, {
    ...headers,
    'retry-after': String(RETRY_AFTER_SECONDS),
  });
}

/** An error of the request itself. Bodies that can't be read get the reader's words as they are, as in the reference. */
export function errorAnswer(error: unknown): APIGatewayProxyResult {
  const { code, message } = publicError(error);
  return code === 'INVALID_REQUEST' ? text(400, message) : failure(code, message);
}

function failure(code: ErrorCode, message: string, headers: Record<string, string> = {}): APIGatewayProxyResult {
  if (code === 'QUEUE_FULL') return text(429, 'Job Queue full', headers);
  if (code === 'PAYLOAD_TOO_LARGE') return text(413, message, headers);
  if (code === 'FORBIDDEN') return text(403, `${code}: ${message}`, headers);
  // The job is over without a fault of the request's: the same request again is a new job.
  if (code === 'EXPIRED' || code === 'CANCELLED') return text(503, `${code}: ${message}`, headers);
  if (statusOf(code) < 500) return text(400, `bad input: ${message}`, headers);
  // Clients retry 500 and 503 at once: only what a retry may mend is answered so.
  return text(NOT_MENDED_BY_RETRY.has(code) ? 400 : statusOf(code), `${code}: ${message}`, headers);
}

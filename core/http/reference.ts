/** How the compatible endpoints answer, as the reference proof server does. */
import type { APIGatewayProxyResult } from 'aws-lambda';
import { noteOnJob, warningHeader } from '../contracts/development.ts';
import { publicError } from '../errors.ts';
import { resultOf } from '../jobs/end.ts';
import type { Job } from '../jobs/job.ts';
import { RETRY_AFTER_SECONDS } from '../limits.ts';
import { binary, retryAfter, text } from './answers.ts';
import { failureInWords, refusalInWords } from './reference-words.ts';

/** A point in time the way the reference prints it. */
export const timestamp = (): string => new Date().toISOString().replace('T', ' ').replace('Z', ' +00:00:00');

/** What a job came to, or 503 with its id if it goes on longer than a request may wait. */
export async function jobAnswer(job: Job): Promise<APIGatewayProxyResult> {
  const headers = { 'x-job-id': job.id, ...warningHeader(noteOnJob(job)) };
  const result = await resultOf(job);
  if (result) return binary(200, result, headers);
  if (job.error) {
    const failure = failureInWords(job.error.code, job.error.message);
    return text(failure.status, failure.text, headers);
  }
  return text(503, `Job ${job.id} is ${job.state}. Send the same request again: it will wait for this job.`, {
    ...headers,
    'retry-after': String(RETRY_AFTER_SECONDS),
  });
}

/** An error of the request itself. */
export function errorAnswer(error: unknown): APIGatewayProxyResult {
  const { code, message } = publicError(error);
  const refusal = refusalInWords(code, message);
  return text(refusal.status, refusal.text, retryAfter(error));
}

import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Caller } from '../../core/access/caller.ts';
import { checkForm } from '../../core/api/circuits.ts';
import { warningHeader } from '../../core/contracts/development.ts';
import { NightshiftError } from '../../core/errors.ts';
import { json, problem } from '../../core/http/answers.ts';
import { jsonBodyOf } from '../../core/http/event.ts';
import { pathOf } from '../../core/http/job-view.ts';
import type { Job } from '../../core/jobs/job.ts';
import { RETRY_AFTER_SECONDS } from '../../core/limits.ts';
import { estimateOf } from './estimate.ts';
import { readPreimage } from './read-request.ts';
import { submitAndWait } from './submit-and-wait.ts';

/** `POST /v1/check`: would this preimage prove, and what would that take. */
export async function checkPreimage(event: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  const { preimage, ...named } = jsonBodyOf(checkForm, event);
  return submitAndWait(event, caller, { read: () => readPreimage('check', preimage, named), answer });
}

async function answer(job: Job): Promise<APIGatewayProxyResult> {
  if (job.operation === 'transaction') throw new Error('a transaction is no check');
  const { error } = job;
  const verdict = verdictOf(job);
  if (!verdict) return error ? problem(new NightshiftError(error.code, error.message), pathOf(job)) : notYet(job);
  const estimate = await estimateOf(job);
  return json(200, { ...verdict, estimate }, warningHeader(estimate));
}

function notYet(job: Job): APIGatewayProxyResult {
  const message = `The check is ${job.state}. Send the same request again: it will wait.`;
  return problem(new NightshiftError('TIMEOUT', message, { retryAfterSeconds: RETRY_AFTER_SECONDS }), pathOf(job));
}

/** Undefined if the check came to nothing, or is not done. */
function verdictOf({ state, error }: Job) {
  if (state === 'succeeded') return { satisfied: true };
  return error?.code === 'INVALID_WITNESS' ? { satisfied: false, reason: error.message } : undefined;
}

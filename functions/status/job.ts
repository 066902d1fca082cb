import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { maySee } from '../../core/access/asked-by.ts';
import type { Caller } from '../../core/access/caller.ts';
import { jobId, jobWaitQuery, waitQuery } from '../../core/api/jobs.ts';
import { noteOnJob, warningHeader } from '../../core/contracts/development.ts';
import { NightshiftError } from '../../core/errors.ts';
import { binary, json, problem } from '../../core/http/answers.ts';
import { asksForJson, parse, queryOf } from '../../core/http/event.ts';
import { jobView, pathOf } from '../../core/http/job-view.ts';
import { cancelJob, resultOf } from '../../core/jobs/end.ts';
import { followJob } from '../../core/jobs/follow.ts';
import type { Job } from '../../core/jobs/job.ts';
import { JOB_STATES } from '../../core/jobs/state.ts';
import { MAX_WAIT_SECONDS } from '../../core/limits.ts';

/**
 * `GET /v1/jobs/{id}?wait=25`: the job; with `wait` (seconds) as soon as it has ended, with `after` as soon as it has gone
 * beyond that state, or as it stands by then.
 */
export async function job(event: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  const { wait, after } = parse(jobWaitQuery, queryOf(event));
  const isEnough = (found: Job) => after !== undefined && isBeyond(found, after);
  return answer(await find(event, caller, wait, isEnough));
}

/** `GET /v1/jobs/{id}/proof?wait=25`: what the job came to, as tagged bytes; as JSON if that is asked for. */
export async function proof(event: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  const { wait } = parse(waitQuery, queryOf(event));
  const found = await find(event, caller, wait);
  const result = await resultOf(found);
  if (!result) return problem(noResult(found), pathOf(found));
  const warning = warningHeader(noteOnJob(found));
  if (!asksForJson(event)) return binary(200, result, warning);
  const statement = found.operation === 'transaction' ? undefined : found.statement;
  return json(200, { proof: Buffer.from(result).toString('base64'), statement }, warning);
}

/** `DELETE /v1/jobs/{id}`: cancels the job, unless it has ended: its witness is deleted, its prover killed. Answers with the job. */
export async function cancel(event: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  const { id } = await find(event, caller, 0);
  await cancelJob(caller.tenant, id, 'Cancelled by who submitted it.');
  return answer(await find(event, caller, 0));
}

const answer = (found: Job): APIGatewayProxyResult => json(200, jobView(found), warningHeader(noteOnJob(found)));

const isBeyond = ({ state }: Job, other: Job['state']): boolean =>
  JOB_STATES.indexOf(state) > JOB_STATES.indexOf(other);

/** The job, as far as it has come. @throws NightshiftError JOB_NOT_FOUND, INVALID_REQUEST */
async function find(
  event: APIGatewayProxyEvent,
  caller: Caller,
  wait: number,
  isEnough: (job: Job) => boolean = () => false,
): Promise<Job> {
  const { id } = parse(jobId, event.pathParameters);
  const timeUp = AbortSignal.timeout(wait * 1000);
  // Nobody waits for what he may not see: how long it takes would tell that it is there.
  const found = await followJob(caller.tenant, id, timeUp, (one) => !maySee(caller, one) || isEnough(one));
  if (!found || !maySee(caller, found))
    throw new NightshiftError('JOB_NOT_FOUND', `No job ${id}. Ended jobs are kept for a day.`);
  return found;
}

function noResult({ id, state, error }: Job): NightshiftError {
  if (error) return new NightshiftError(error.code, error.message);
  const message = `Job ${id} is ${state}. Ask again, or add ?wait=${MAX_WAIT_SECONDS}.`;
  return new NightshiftError('PROOF_NOT_READY', message);
}

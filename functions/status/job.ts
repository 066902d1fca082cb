import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { z } from 'zod';
import { noteOnJob, warningHeader } from '../../core/contracts/development.ts';
import { NightshiftError } from '../../core/errors.ts';
import { binary, json } from '../../core/http/answers.ts';
import { parse } from '../../core/http/event.ts';
import { jobView } from '../../core/http/job-view.ts';
import { resultOf } from '../../core/jobs/end.ts';
import { type Job, LOCAL_TENANT } from '../../core/jobs/job.ts';
import { waitForJob } from '../../core/jobs/wait.ts';
import { MAX_WAIT_SECONDS } from '../../core/limits.ts';

const jobQuery = z.object({ id: z.uuid(), wait: z.coerce.number().min(0).max(MAX_WAIT_SECONDS).default(0) });

/** `GET /v1/jobs/{id}?wait=25`: the job; with `wait` (seconds) as soon as it has ended, or as it stands by then. */
export async function job(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const found = await find(event);
  return json(200, jobView(found), warningHeader(noteOnJob(found)));
}

/** `GET /v1/jobs/{id}/proof?wait=25`: what the job came to, as tagged bytes. */
export async function proof(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const found = await find(event);
  const result = await resultOf(found);
  if (result) return binary(200, result, warningHeader(noteOnJob(found)));
  const { id, state, error } = found;
  if (error) throw new NightshiftError(error.code, error.message);
  throw new NightshiftError('PROOF_NOT_READY', `Job ${id} is ${state}. Ask again, or add ?wait=${MAX_WAIT_SECONDS}.`);
}

/** @throws NightshiftError JOB_NOT_FOUND, INVALID_REQUEST */
async function find(event: APIGatewayProxyEvent): Promise<Job> {
  const { id, wait } = parse(jobQuery, { ...event.queryStringParameters, ...event.pathParameters });
  const found = await waitForJob(LOCAL_TENANT, id, AbortSignal.timeout(wait * 1000));
  if (!found) throw new NightshiftError('JOB_NOT_FOUND', `No job ${id}. Ended jobs are kept for a day.`);
  return found;
}

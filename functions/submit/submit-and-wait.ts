import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { bodyOf } from '../../core/http/event.ts';
import { jobAnswer } from '../../core/http/reference.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { LOCAL_TENANT, type Operation } from '../../core/jobs/job.ts';
import { waitForJob } from '../../core/jobs/wait.ts';
import { MAX_WAIT_SECONDS } from '../../core/limits.ts';
import { readRequest } from './read-request.ts';

/** Time kept back from the function's own, to answer. */
const ANSWER_SECONDS = 2;

/** The synchronous endpoints: the asynchronous way plus a wait. */
export async function submitAndWait(
  operation: Operation,
  event: APIGatewayProxyEvent,
  context: Context,
): Promise<APIGatewayProxyResult> {
  const request = await readRequest(operation, bodyOf(event));
  const job = await admitJob({ tenant: LOCAL_TENANT, operation, ...request });
  const left = context.getRemainingTimeInMillis() / 1000 - ANSWER_SECONDS;
  return jobAnswer((await waitForJob(job.tenant, job.id, Math.min(left, MAX_WAIT_SECONDS))) ?? job);
}

import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { bodyOf } from '../../core/http/event.ts';
import { admitJob, type NewJob } from '../../core/jobs/admit.ts';
import { attach, forget, giveUp, type WaitingRequest, waitingRecord } from '../../core/jobs/attach.ts';
import { hasEnded, type Job, LOCAL_TENANT } from '../../core/jobs/job.ts';
import { keyedDigest } from '../../core/jobs/keyed-digest.ts';
import { waitForJob } from '../../core/jobs/wait.ts';
import { API_TIMEOUT_SECONDS } from '../../core/limits.ts';

/** Time kept back from the function's own: to answer, and because API Gateway's began with the function's cold start. */
const ANSWER_MS = 2500;

/**
 * The synchronous endpoints: the asynchronous way plus a wait. A request whose predecessor ended without its answer waits
 * for that one's job.
 *
 * @param read takes the request apart; not called if there is a job for it already.
 * @returns the job, ended or as it stands when the request has to be answered.
 */
export async function submitAndWait(
  event: APIGatewayProxyEvent,
  context: Context,
  read: () => Promise<NewJob>,
): Promise<Job> {
  const request: WaitingRequest = {
    tenant: LOCAL_TENANT,
    digest: (await keyedDigest(event.path, bodyOf(event))).toString('hex'),
    endsAt: Date.now() + API_TIMEOUT_SECONDS * 1000,
  };
  const timeUp = AbortSignal.timeout(context.getRemainingTimeInMillis() - ANSWER_MS);
  const attached = await attach(request);
  if (attached) {
    const job = await waitFor(attached, request, timeUp);
    // Nothing there any more: the job ended so long ago that it is forgotten.
    if (job) return job;
  }
  const admitted = await admitJob(await read(), ({ id }) => waitingRecord(request, id));
  return (await waitFor(admitted.id, request, timeUp)) ?? admitted;
}

async function waitFor(id: string, request: WaitingRequest, timeUp: AbortSignal): Promise<Job | undefined> {
  const job = await waitForJob(request.tenant, id, timeUp);
  await (job && hasEnded(job) ? forget(request, id) : giveUp(request, id));
  return job;
}

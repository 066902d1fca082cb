import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type AskedJob, askedBy } from '../../core/access/asked-by.ts';
import type { Caller } from '../../core/access/caller.ts';
import { currentTime } from '../../core/clock.ts';
import { bodyOf } from '../../core/http/event.ts';
import { TIMED_OUT } from '../../core/http/gateway-refusals.ts';
import { admitJob, isLeftBehind, type NewJob, resumeJob } from '../../core/jobs/admit.ts';
import { attach, forget, giveUp, type WaitingRequest, waitingRecord } from '../../core/jobs/attach.ts';
import { type Job, readJob } from '../../core/jobs/job.ts';
import { keyedDigest } from '../../core/jobs/keyed-digest.ts';
import { hasEnded } from '../../core/jobs/state.ts';
import { waitForJob } from '../../core/jobs/wait.ts';
import { among } from './keyed-request.ts';
import { ANSWER_MS, answerDueAt, timeUp } from './request-end.ts';

interface Exchange {
  /** Takes the request's body apart; not called if there is a job for it already. */
  read: (body: Buffer) => Promise<AskedJob>;
  /** Answers with the job, ended or as it stands when the request has to be answered. */
  answer: (job: Job) => APIGatewayProxyResult | Promise<APIGatewayProxyResult>;
}

/**
 * The synchronous endpoints: the asynchronous way plus a wait. A request whose predecessor ended without its answer waits
 * for that one's job.
 */
export async function submitAndWait(
  event: APIGatewayProxyEvent,
  caller: Caller,
  { read, answer }: Exchange,
): Promise<APIGatewayProxyResult> {
  const signal = timeUp(event);
  const body = bodyOf(event);
  const digest = (await keyedDigest(event.path, ...among(caller), body)).toString('hex');
  const request: WaitingRequest = { tenant: caller.tenant, digest, endsAt: answerDueAt(event) };

  const readBody = async () => ({ ...askedBy(caller, await read(body)), synchronous: true });
  const job = (await attachedJob(request, readBody, signal)) ?? (await newJob(request, readBody, signal));
  const answered = await answer(job);
  // Only now: whatever fails before leaves the request to be made again, and so does an answer that may come too late to
  // reach anybody. If this fails, the record runs out by itself.
  const isAnswered = hasEnded(job) && !signal.aborted;
  await (isAnswered ? forget(request, job.id) : giveUp(request, job.id)).catch(() => undefined);
  return answered;
}

/** Undefined if there is none to wait for. Of one that ended so long ago that it is gone, the record goes too. */
async function attachedJob(
  request: WaitingRequest,
  read: () => Promise<NewJob>,
  signal: AbortSignal,
): Promise<Job | undefined> {
  const id = await attach(request);
  if (id === undefined) return undefined;
  const job = await readJob(request.tenant, id);
  if (!job) {
    await forget(request, id);
    return attachedJob(request, read, signal);
  }
  if (isLeftBehind(job)) await resumeJob(job, await read());
  return waitForJob(request.tenant, id, signal);
}

/** @throws NightshiftError UNAVAILABLE if the client was told to ask again already: that request has a job of its own. */
async function newJob(request: WaitingRequest, read: () => Promise<NewJob>, signal: AbortSignal): Promise<Job> {
  const asked = await read();
  if (currentTime().getTime() > request.endsAt + ANSWER_MS) throw TIMED_OUT;
  const admitted = await admitJob(asked, ({ id }) => waitingRecord(request, id));
  return (await waitForJob(request.tenant, admitted.id, signal)) ?? admitted;
}

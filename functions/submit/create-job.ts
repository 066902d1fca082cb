import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type AskedJob, askedBy } from '../../core/access/asked-by.ts';
import type { Caller } from '../../core/access/caller.ts';
import { jobForm, jobQuery } from '../../core/api/jobs.ts';
import { noteOnJob, warningHeader } from '../../core/contracts/development.ts';
import { NightshiftError } from '../../core/errors.ts';
import { type Estimate, estimateFor } from '../../core/estimate.ts';
import { json } from '../../core/http/answers.ts';
import { bodyOf, jsonBodyOf, parse, queryOf, sendsJson } from '../../core/http/event.ts';
import { jobView } from '../../core/http/job-view.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { admitOnce } from '../../core/jobs/admit-once.ts';
import type { Job } from '../../core/jobs/job.ts';
import { hasEnded } from '../../core/jobs/state.ts';
import { expectValid } from '../../core/sealing/sealing-keys.ts';
import { keyedRequest, repeatable, replayHeader } from './keyed-request.ts';
import { formToRead, readTagged } from './read-request.ts';

/** `POST /v1/jobs`: JSON, or the tagged body of a compatible endpoint. Answers 202 with the job. */
export async function createJob(event: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  const { read: readJob, ...asked } = sendsJson(event) ? fromJson(event, caller) : fromTagged(event, caller);
  const read = async () => askedBy(caller, await readJob());
  const request = await keyedRequest(event, caller, asked);
  const { job, isReplay } = request
    ? await admitOnce(request, read)
    : { job: await admitJob(await read()), isReplay: false };
  const view = { ...jobView(job), estimate: await estimateOf(job) };
  return json(202, view, {
    location: view.links.self,
    ...replayHeader(isReplay),
    ...warningHeader(noteOnJob(job)),
  });
}

/** Of how many proofs a transaction consists is known later. The job has been taken: without an estimate, it is told so. */
async function estimateOf(job: Job): Promise<Estimate | undefined> {
  if (job.operation !== 'prove' || hasEnded(job)) return undefined;
  return estimateFor(job, { admitted: true }).catch(() => undefined);
}

interface Asked {
  id?: string | undefined;
  /** What makes it the same request. */
  content: string | Uint8Array;
  read: () => Promise<AskedJob>;
}

function fromJson(event: APIGatewayProxyEvent, caller: Caller): Asked {
  const [misplaced] = Object.keys(queryOf(event, ['label']));
  if (misplaced)
    throw new NightshiftError('INVALID_REQUEST', `Beside JSON no query is read: put ${misplaced} into it.`);
  const { operation, ...form } = jsonBodyOf(jobForm, event);
  const content = JSON.stringify({ operation, ...repeatable(form, caller) });
  const { sealingKey, read: readForm } = formToRead(operation, form);
  const read = async () => {
    const [job] = await Promise.all([readForm(), sealingKey && expectValid(sealingKey)]);
    return job;
  };
  return { id: form.id, content, read };
}

function fromTagged(event: APIGatewayProxyEvent, caller: Caller): Asked {
  const { contract, label: labels, ...options } = parse(jobQuery, queryOf(event, ['label']));
  const body = bodyOf(event);
  const read = async () => {
    const job = await readTagged(caller, body, contract);
    if (job.operation === 'transaction' && (contract || options.lane)) {
      throw new NightshiftError(
        'INVALID_REQUEST',
        'A transaction has a lane of its own, and brings its contracts’ keys.',
      );
    }
    return { ...job, ...options, labels };
  };
  return { id: options.id, content: body, read };
}

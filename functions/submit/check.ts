import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Caller } from '../../core/access/caller.ts';
import { noteOnJob, warningHeader } from '../../core/contracts/development.ts';
import { json } from '../../core/http/answers.ts';
import { jobAnswer } from '../../core/http/reference.ts';
import type { Job } from '../../core/jobs/job.ts';
import { contractOf } from './contract-of.ts';
import { checkForm, formOf } from './json-forms.ts';
import { readBody, readPreimage } from './read-request.ts';
import { submitAndWait } from './submit-and-wait.ts';

/** `POST /check` and `/contracts/{id}/check`, compatible: tagged preimage and ZKIR in; which parts of the transcript are skipped out. */
export async function check(event: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  const form = formOf(checkForm, event);
  const contract = contractOf(event);
  return submitAndWait(event, caller, {
    read: (body) =>
      form ? readPreimage('check', form.preimage, { contract }) : readBody(caller, 'check', body, contract),
    answer: (job) => (form && formAnswer(job)) ?? jobAnswer(job),
  });
}

/** Undefined if the check came to nothing. */
function formAnswer(job: Job): APIGatewayProxyResult | undefined {
  const { result, error } = job;
  const note = noteOnJob(job);
  const verdict = (valid: boolean, message: string) => json(200, { valid, message, ...note }, warningHeader(note));
  if (result) return verdict(true, 'The preimage satisfies its circuit.');
  return error?.code === 'INVALID_WITNESS' ? verdict(false, error.message) : undefined;
}

import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Caller } from '../../core/access/caller.ts';
import { noteOnJob, warningHeader } from '../../core/contracts/development.ts';
import { json } from '../../core/http/answers.ts';
import { jobAnswer } from '../../core/http/reference.ts';
import type { Job } from '../../core/jobs/job.ts';
import { contractOf } from './contract-of.ts';
import { formOf, proveForm } from './json-forms.ts';
import { readBody, readPreimage } from './read-request.ts';
import { submitAndWait } from './submit-and-wait.ts';

/** `POST /prove` and `/contracts/{id}/prove`, compatible: tagged preimage, keys and binding input in; the tagged proof out. */
export async function prove(event: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  const form = formOf(proveForm, event);
  const contract = contractOf(event);
  return submitAndWait(event, caller, {
    read: (body) =>
      form
        ? readPreimage('prove', form.witness, { circuit: form.circuit_id, contract })
        : readBody(caller, 'prove', body, contract),
    answer: (job) => (form && job.result ? formAnswer(job, job.result) : jobAnswer(job)),
  });
}

function formAnswer(job: Job, proof: Uint8Array): APIGatewayProxyResult {
  const note = noteOnJob(job);
  const answer = {
    proof: Buffer.from(proof).toString('base64'),
    job_id: job.id,
    duration_ms: Date.parse(job.endedAt ?? job.createdAt) - Date.parse(job.createdAt),
    memory_used_mb: job.operation === 'prove' ? job.peakMemoryMb : undefined,
    ...note,
  };
  return json(200, answer, warningHeader(note));
}

import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Caller } from '../../core/access/caller.ts';
import { json } from '../../core/http/answers.ts';
import { jobAnswer } from '../../core/http/reference.ts';
import { resultOf } from '../../core/jobs/end.ts';
import type { Job } from '../../core/jobs/job.ts';
import { formOf, proveTxForm } from './json-forms.ts';
import { readTransaction } from './read-request.ts';
import { submitAndWait } from './submit-and-wait.ts';

/** `POST /prove-tx`, compatible: tagged unproven transaction and keys in; the tagged proven transaction out. */
export async function proveTx(event: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  const form = formOf(proveTxForm, event);
  return submitAndWait(event, caller, {
    read: (body) => readTransaction(caller, form ? Buffer.from(form.transaction, 'base64') : body),
    answer: async (job) => {
      const proven = form && (await resultOf(job));
      return proven ? json(200, formAnswer(job, proven)) : jobAnswer(job);
    },
  });
}

/** Without `tx_hash`: a transaction has one only once its owner has bound it. */
const formAnswer = ({ id }: Job, proven: Uint8Array) => ({
  transaction_proof: Buffer.from(proven).toString('base64'),
  job_id: id,
});

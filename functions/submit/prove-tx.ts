import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { json } from '../../core/http/answers.ts';
import { bodyOf } from '../../core/http/event.ts';
import { jobAnswer } from '../../core/http/reference.ts';
import { resultOf } from '../../core/jobs/end.ts';
import { formOf, proveTxForm } from './json-forms.ts';
import { readTransaction } from './read-request.ts';
import { submitAndWait } from './submit-and-wait.ts';

/** `POST /prove-tx`, compatible: tagged unproven transaction and keys in; the tagged proven transaction out. */
export async function proveTx(event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> {
  const form = formOf(proveTxForm, event);
  const job = await submitAndWait(event, context, () =>
    readTransaction(form ? Buffer.from(form.transaction, 'base64') : bodyOf(event)),
  );
  const proven = form && (await resultOf(job));
  if (!proven) return jobAnswer(job);
  // Without `tx_hash`: a transaction has one only once its owner has bound it.
  return json(200, { transaction_proof: Buffer.from(proven).toString('base64'), job_id: job.id });
}

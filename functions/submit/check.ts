import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { json } from '../../core/http/answers.ts';
import { bodyOf } from '../../core/http/event.ts';
import { jobAnswer } from '../../core/http/reference.ts';
import { checkForm, formOf } from './json-forms.ts';
import { readBody, readPreimage } from './read-request.ts';
import { submitAndWait } from './submit-and-wait.ts';

/** `POST /check`, compatible: tagged preimage and ZKIR in; which parts of the transcript are skipped out. */
export async function check(event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> {
  const form = formOf(checkForm, event);
  const job = await submitAndWait(event, context, () =>
    form ? readPreimage('check', form.preimage, {}) : readBody('check', bodyOf(event)),
  );
  if (form && job.result) return json(200, { valid: true, message: 'The preimage satisfies its circuit.' });
  if (form && job.error?.code === 'INVALID_WITNESS') return json(200, { valid: false, message: job.error.message });
  return jobAnswer(job);
}

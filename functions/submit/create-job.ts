import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { z } from 'zod';
import { noteOnJob, warningHeader } from '../../core/contracts/development.ts';
import { circuitName, contractId } from '../../core/contracts/names.ts';
import { json } from '../../core/http/answers.ts';
import { bodyOf, jsonBodyOf, sendsJson } from '../../core/http/event.ts';
import { jobView } from '../../core/http/job-view.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { readBody, readPreimage } from './read-request.ts';

const jobRequest = z.strictObject({
  circuit: circuitName,
  contract: contractId.optional(),
  preimage: z.base64(),
  bindingInput: z.string().regex(/^\d+$/, 'must be a decimal number').optional(),
});

/** `POST /v1/jobs`: JSON, or the body of the compatible `/prove`. Answers 202 with the job. */
export async function createJob(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const job = await admitJob(sendsJson(event) ? await readJson(event) : await readBody('prove', bodyOf(event)));
  const view = jobView(job);
  return json(202, view, { location: view.links.self, ...warningHeader(noteOnJob(job)) });
}

function readJson(event: APIGatewayProxyEvent) {
  const { preimage, ...named } = jsonBodyOf(jobRequest, event);
  return readPreimage('prove', preimage, named);
}

import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { z } from 'zod';
import { json } from '../../core/http/answers.ts';
import { bodyOf, headerOf, jsonBodyOf } from '../../core/http/event.ts';
import { jobView } from '../../core/http/job-view.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { circuitName, LOCAL_TENANT } from '../../core/jobs/job.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { knownCircuit, readRequest } from './read-request.ts';

const jobRequest = z.strictObject({
  circuit: circuitName,
  preimage: z.base64(),
  bindingInput: z.string().regex(/^\d+$/, 'must be a decimal number').optional(),
});

/** `POST /v1/jobs`: JSON, or the body of the compatible `/prove`. Answers 202 with the job. */
export async function createJob(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const isJson = headerOf(event, 'content-type')?.startsWith('application/json');
  const request = isJson ? await readJson(event) : await readRequest('prove', bodyOf(event));
  const job = await admitJob({ tenant: LOCAL_TENANT, operation: 'prove', ...request });
  const view = jobView(job);
  return json(202, view, { location: view.links.self });
}

async function readJson(event: APIGatewayProxyEvent) {
  const { circuit, preimage, bindingInput } = jsonBodyOf(jobRequest, event);
  const inspected = await nativeProver().ask('inspect', {
    endpoint: 'preimage',
    body: Buffer.from(preimage, 'base64'),
    bindingInput,
  });
  return { witness: inspected.preimage, ...knownCircuit(circuit) };
}

import type { APIGatewayProxyResult } from 'aws-lambda';
import { jobAnswer } from '../../core/http/reference.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { LOCAL_TENANT, type Operation } from '../../core/jobs/job.ts';
import { waitForJob } from '../../core/jobs/wait.ts';
import { MAX_WAIT_SECONDS } from '../../core/limits.ts';
import { readRequest } from './read-request.ts';

/** The synchronous endpoints: the asynchronous way plus a wait. */
export async function submitAndWait(operation: Operation, body: Uint8Array): Promise<APIGatewayProxyResult> {
  const request = await readRequest(operation, body);
  const job = await admitJob({ tenant: LOCAL_TENANT, operation, ...request });
  return jobAnswer((await waitForJob(job.tenant, job.id, MAX_WAIT_SECONDS)) ?? job);
}

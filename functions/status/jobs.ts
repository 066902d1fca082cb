import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type Caller, expectSecretKey } from '../../core/access/caller.ts';
import { listQuery } from '../../core/api/jobs.ts';
import { json } from '../../core/http/answers.ts';
import { parse, queryOf } from '../../core/http/event.ts';
import { jobSummary } from '../../core/http/job-view.ts';
import { listJobs } from '../../core/jobs/list.ts';

/** `GET /v1/jobs?state=failed&label=wallet:7`: the jobs that were submitted, newest first. */
export async function jobs(event: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  expectSecretKey(caller);
  const { state, label: labels, parent, ...page } = parse(listQuery, queryOf(event, ['label']));
  const { jobs, next } = await listJobs(caller.tenant, { state, labels, parent }, page);
  return json(200, { jobs: jobs.map(jobSummary), next });
}

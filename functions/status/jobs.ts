import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { listQuery } from '../../core/api/jobs.ts';
import { json } from '../../core/http/answers.ts';
import { parse, queryOf } from '../../core/http/event.ts';
import { jobSummary } from '../../core/http/job-view.ts';
import { LOCAL_TENANT } from '../../core/jobs/job.ts';
import { listJobs } from '../../core/jobs/list.ts';

/** `GET /v1/jobs?state=failed&label=wallet:7`: the jobs that were submitted, newest first. */
export async function jobs(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { state, label: labels, parent, ...page } = parse(listQuery, queryOf(event, ['label']));
  const { jobs, next } = await listJobs(LOCAL_TENANT, { state, labels, parent }, page);
  return json(200, { jobs: jobs.map(jobSummary), next });
}

/** What is fuzzed: the handlers behind the API, and the way of each job that they admit. */
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { type ErrorCode, statusOf } from '../../core/errors.ts';
import type { Job } from '../../core/jobs/job.ts';
import { waitForJob } from '../../core/jobs/wait.ts';
import { handler as status } from '../../functions/status/index.ts';
import { handler as submit } from '../../functions/submit/index.ts';
import { contentOf, eventOf } from './event.ts';
import { tellsMarker } from './marker.ts';
import type { HttpRequest } from './requests.ts';

/** What came of a request. */
export interface Verdict {
  /** The answer's status, and how its job ended if there was one. */
  outcome: string;
  /** What must not have happened. */
  violation?: string;
}

/** Longer than anything that is asked for takes, proofs included that wait for others. */
const PATIENCE_MS = 120_000;

/** Codes above 499 that are right: what this deployment has no parameters or keys for. */
const RIGHT: ReadonlySet<ErrorCode> = new Set(['PARAMS_UNAVAILABLE']);

/** Sends a request and waits for the end of the job that it may become. */
export async function send(request: HttpRequest): Promise<Verdict> {
  let answer: APIGatewayProxyResult;
  try {
    // As if it came later: it may wait for proofs that wait for others.
    answer = await answerTo(eventOf(request, Date.now() + PATIENCE_MS));
  } catch (error) {
    return { outcome: 'none', violation: `no answer: ${error}` };
  }
  const content = contentOf(answer).toString('latin1');
  const job = await jobBehind(answer);
  const outcome = [answer.statusCode, job && (job.error?.code ?? job.state)].filter(Boolean).join(' ');
  return { outcome, violation: violationIn(answer, content, job) };
}

async function answerTo(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const handler = event.httpMethod === 'POST' ? submit : status;
  const { promise: timeUp, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`none within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  return Promise.race([handler(event, {} as Context), timeUp]).finally(() => clearTimeout(timer));
}

const JOB_PATH = /^\/v1\/jobs\/([0-9a-f-]{36})$/;

/** The job that the request became, as it ended. */
async function jobBehind({ headers }: APIGatewayProxyResult): Promise<Job | undefined> {
  const id = headers?.['x-job-id'] ?? JOB_PATH.exec(`${headers?.location}`)?.[1];
  return id === undefined ? undefined : waitForJob(LOCAL_TENANT, `${id}`, AbortSignal.timeout(PATIENCE_MS));
}

/** Whether a problem that is answered has one of those codes. */
function isRight(content: string): boolean {
  try {
    return RIGHT.has(JSON.parse(content).code);
  } catch {
    return false;
  }
}

function violationIn(answer: APIGatewayProxyResult, content: string, job: Job | undefined): string | undefined {
  if (answer.statusCode >= 500 && !isRight(content)) return `status ${answer.statusCode}: ${content}`;
  if (tellsMarker(content)) return 'the answer tells of the witness';
  if (job?.error && tellsMarker(job.error.message)) return 'the error of the job tells of the witness';
  if (job?.error && statusOf(job.error.code) >= 500 && !RIGHT.has(job.error.code)) {
    return `the job failed with ${job.error.code}: ${job.error.message}`;
  }
  if (job && job.state !== 'succeeded' && job.state !== 'failed') return `the job stayed ${job.state}`;
  return undefined;
}

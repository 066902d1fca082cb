import type { APIGatewayProxyResult } from 'aws-lambda';
import { json } from '../../core/http/answers.ts';
import { timestamp } from '../../core/http/reference.ts';
import { readCounts } from '../../core/jobs/counts.ts';

/** `GET /` and `GET /health`: it answers, so it is well. */
export const health = async (): Promise<APIGatewayProxyResult> => json(200, { status: 'ok', timestamp: timestamp() });

/** `GET /ready`: the jobs in all lanes; 503 `busy` once no more fit. */
export async function ready(): Promise<APIGatewayProxyResult> {
  const { pending, proving, capacity } = await readCounts();
  const busy = pending >= capacity;
  return json(busy ? 503 : 200, {
    status: busy ? 'busy' : 'ok',
    jobsProcessing: proving,
    jobsPending: pending,
    jobCapacity: capacity,
    timestamp: timestamp(),
  });
}

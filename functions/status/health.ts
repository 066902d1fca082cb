import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { json } from '../../core/http/answers.ts';
import { asksForJson } from '../../core/http/event.ts';
import { timestamp } from '../../core/http/reference.ts';
import { readOccupancy } from '../../core/jobs/lane-counts.ts';

/** `GET /` and `GET /health`: it answers, so it is well. */
export const health = async (): Promise<APIGatewayProxyResult> => json(200, { status: 'ok', timestamp: timestamp() });

/** `GET /ready`: the jobs in all lanes, with each lane's caps for who asks for JSON; 503 `busy` once no more fit. */
export async function ready(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { pending, proving, capacity, full, lanes } = await readOccupancy();
  return json(full ? 503 : 200, {
    status: full ? 'busy' : 'ok',
    jobsProcessing: proving,
    jobsPending: pending,
    jobCapacity: capacity,
    timestamp: timestamp(),
    // To who does not ask for JSON the answer is the reference's, byte for byte. The counts are as the server for trusted
    // execution environments calls them.
    ...(asksForJson(event) && { lanes, queue_depth: pending, active_workers: proving }),
  });
}

import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { batchForm } from '../../core/api/batches.ts';
import { admitBatch } from '../../core/batches/batch.ts';
import { batchView, batchWarning, newBatchView } from '../../core/batches/progress.ts';
import { json } from '../../core/http/answers.ts';
import { jsonBodyOf } from '../../core/http/event.ts';
import { LOCAL_TENANT } from '../../core/jobs/job.ts';
import { keyedRequest, replayHeader } from './keyed-request.ts';
import { readForm } from './read-request.ts';

/** `POST /v1/batches`: many jobs in one call. Answers 202 with the batch; an item that could not become a job has failed. */
export async function createBatch(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { items } = jsonBodyOf(batchForm, event);
  const newItems = items.map((form) => ({ ...form, read: () => readForm('prove', form) }));
  const { batch, isReplay } = await admitBatch(LOCAL_TENANT, newItems, await keyedRequest(event));
  const view = isReplay ? await batchView(batch) : newBatchView(batch);
  return json(202, view, { location: view.links.self, ...replayHeader(isReplay), ...batchWarning(view) });
}

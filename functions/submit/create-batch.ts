import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { askedBy } from '../../core/access/asked-by.ts';
import { type Caller, expectSecretKey } from '../../core/access/caller.ts';
import { batchForm } from '../../core/api/batches.ts';
import { admitBatch } from '../../core/batches/batch.ts';
import { batchView, batchWarning, newBatchView } from '../../core/batches/progress.ts';
import { json } from '../../core/http/answers.ts';
import { jsonBodyOf } from '../../core/http/event.ts';
import { keyedRequest, repeatable, replayHeader } from './keyed-request.ts';
import { formToRead } from './read-request.ts';

/** `POST /v1/batches`: many jobs in one call. Answers 202 with the batch; an item that could not become a job has failed. */
export async function createBatch(event: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  expectSecretKey(caller);
  const { items } = jsonBodyOf(batchForm, event);
  const newItems = items.map((form) => {
    const { sealingKey, read } = formToRead('prove', form);
    return { ...form, sealingKey, read: async () => askedBy(caller, await read()) };
  });
  const request = await keyedRequest(event, caller, {
    content: JSON.stringify(items.map((item) => repeatable(item, caller))),
  });
  const { batch, isReplay } = await admitBatch(caller.tenant, newItems, request);
  const view = isReplay ? await batchView(batch) : newBatchView(batch);
  return json(202, view, { location: view.links.self, ...replayHeader(isReplay), ...batchWarning(view) });
}

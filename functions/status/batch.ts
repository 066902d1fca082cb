import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type Caller, expectSecretKey } from '../../core/access/caller.ts';
import { batchId } from '../../core/api/batches.ts';
import { waitQuery } from '../../core/api/jobs.ts';
import { type Batch, cancelBatch, readBatch } from '../../core/batches/batch.ts';
import { type BatchView, batchView, batchWarning, waitForBatch } from '../../core/batches/progress.ts';
import { NightshiftError } from '../../core/errors.ts';
import { json } from '../../core/http/answers.ts';
import { parse, queryOf } from '../../core/http/event.ts';

/** `GET /v1/batches/{id}?wait=25`: the batch; with `wait` (seconds) once all of it has ended, or as it stands by then. */
export async function batch(event: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  const { wait } = parse(waitQuery, queryOf(event));
  const found = await find(event, caller);
  await waitForBatch(found, AbortSignal.timeout(wait * 1000));
  return answer(await batchView(found));
}

/** `DELETE /v1/batches/{id}`: cancels what of it has not ended. */
export async function cancelAll(event: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  const found = await find(event, caller);
  await cancelBatch(found);
  return answer(await batchView(found));
}

const answer = (view: BatchView): APIGatewayProxyResult => json(200, view, batchWarning(view));

/** @throws NightshiftError BATCH_NOT_FOUND, INVALID_REQUEST */
async function find({ pathParameters }: APIGatewayProxyEvent, caller: Caller): Promise<Batch> {
  expectSecretKey(caller);
  const { id } = parse(batchId, pathParameters);
  const found = await readBatch(caller.tenant, id);
  if (!found) throw new NightshiftError('BATCH_NOT_FOUND', `No batch ${id}. Batches are kept for a day.`);
  return found;
}

import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Caller } from '../../core/access/caller.ts';
import { idempotencyKey } from '../../core/api/jobs.ts';
import { bodyOf, headerOf, parse } from '../../core/http/event.ts';
import type { KeyedRequest } from '../../core/jobs/idempotency.ts';
import { keyedDigest } from '../../core/jobs/keyed-digest.ts';

/** Says that the answer is about what the same request made before. */
export const replayHeader = (isReplay: boolean): Record<string, string> =>
  isReplay ? { 'idempotent-replayed': 'true' } : {};

/**
 * What makes the request the same as an earlier one, if it has an Idempotency-Key or chooses its job's id.
 *
 * @param id that the client chose
 * @throws NightshiftError INVALID_REQUEST
 */
export async function keyedRequest(
  event: APIGatewayProxyEvent,
  { tenant }: Caller,
  id?: string,
): Promise<KeyedRequest | undefined> {
  const key = parse(idempotencyKey.optional(), headerOf(event, 'idempotency-key')) ?? id;
  if (key === undefined) return undefined;
  const { path, multiValueQueryStringParameters: query } = event;
  const digests = [keyedDigest('key', key), keyedDigest(path, JSON.stringify(query ?? {}), bodyOf(event))];
  const [keyDigest, digest] = (await Promise.all(digests)).map((bytes) => bytes.toString('hex'));
  return { tenant, key: `${keyDigest}`, digest: `${digest}` };
}

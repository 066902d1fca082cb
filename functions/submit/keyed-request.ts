import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Caller } from '../../core/access/caller.ts';
import { idempotencyKey } from '../../core/api/jobs.ts';
import { headerOf, parse } from '../../core/http/event.ts';
import type { KeyedRequest } from '../../core/jobs/idempotency.ts';
import { keyedDigest } from '../../core/jobs/keyed-digest.ts';

/** Says that the answer is about what the same request made before. */
export const replayHeader = (isReplay: boolean): Record<string, string> =>
  isReplay ? { 'idempotent-replayed': 'true' } : {};

/**
 * What of a form makes it the same as an earlier one. What is sealed differs each time, and so does the id that it is
 * sealed for: there the Idempotency-Key says that it is the same witness. Many use one publishable key, and may think of the
 * same one: there it has to be the same request to the last byte.
 */
export function repeatable<Form extends { id?: string | undefined }>(form: Form, { publishable }: Caller): object {
  if (publishable || !('sealed' in form)) return form;
  const { sealed: _sealed, id: _id, ...rest } = form;
  return rest;
}

/** Who has a publishable key may not be shown what was asked for with another one. */
export const among = ({ publishable, apiKey }: Caller): string[] => (publishable ? [apiKey] : []);

/**
 * What makes the request the same as an earlier one, if it has an Idempotency-Key or chooses its job's id.
 *
 * @param id that the client chose
 * @param content its body, or what of that is to be the same.
 * @throws NightshiftError INVALID_REQUEST
 */
export async function keyedRequest(
  event: APIGatewayProxyEvent,
  caller: Caller,
  { id, content }: { id?: string | undefined; content: string | Uint8Array },
): Promise<KeyedRequest | undefined> {
  const key = parse(idempotencyKey.optional(), headerOf(event, 'idempotency-key')) ?? id;
  if (key === undefined) return undefined;
  const { path, multiValueQueryStringParameters: query } = event;
  const digests = [keyedDigest('key', ...among(caller), key), keyedDigest(path, JSON.stringify(query ?? {}), content)];
  const [keyDigest, digest] = (await Promise.all(digests)).map((bytes) => bytes.toString('hex'));
  return { tenant: caller.tenant, key: `${keyDigest}`, digest: `${digest}` };
}

/** Ids that jobs are to have, drawn before they are sent: sealed witnesses are bound to them. */
import { v4, v5 } from 'uuid';

const NAMESPACE = '3f1a4b0e-6d2c-4c7e-9a54-0d8f0d1f2b65';

export interface Ids {
  /** Of the request's job. */
  job: string;
  /** Of a batch's job, by its position. */
  item: (index: number) => string;
}

/**
 * With the same Idempotency-Key they are the same each time. Who has not the API key can't tell which, so that nobody
 * else's jobs are in the way.
 */
export function idsFor(apiKey: string, idempotencyKey?: string): Ids {
  if (idempotencyKey === undefined) return { job: v4(), item: () => v4() };
  const job = v5(idempotencyKey, v5(apiKey, NAMESPACE));
  return { job, item: (index) => v5(`${index}`, job) };
}

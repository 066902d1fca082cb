/**
 * The time as AWS has it. What one function writes down another compares with its own time, and a clock that is minutes
 * off would take the living for dead and the fresh for overdue.
 */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** An answer tells whole seconds, and was on its way: so little is no difference. */
const TOLERANCE_MS = 2500;

let aheadMs = 0;

/** Exact to some seconds, as soon as the table has answered for the first time. */
export const currentTime = (): Date => new Date(Date.now() - aheadMs);

/** Has the clock follow what a client's answers say. */
export function setClockBy({ middlewareStack }: DynamoDBDocumentClient): void {
  middlewareStack.add(
    (next) => async (args) => {
      const answered = await next(args);
      follow((answered.response as { headers?: Record<string, string> }).headers?.date);
      return answered;
    },
    { step: 'deserialize', name: 'setClock' },
  );
}

function follow(date = ''): void {
  const ahead = Date.now() - Date.parse(date);
  if (Number.isNaN(ahead)) return;
  aheadMs = Math.abs(ahead) > TOLERANCE_MS ? ahead : 0;
}

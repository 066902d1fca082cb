/** Requests that were refused. A row says so for an hour: the audit log takes it from the table's stream. */
import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { currentTime } from '../clock.ts';
import { tableName } from '../config.ts';
import { keyOf } from '../store/row-keys.ts';
import { expiresAt, table } from '../store/table.ts';
import type { Refusal } from './record.ts';

const KEPT_SECONDS = 3600;

/** Answers that are noted: nobody known, not allowed, too much. */
export const isRefusal = (status: number): boolean => [401, 403, 429].includes(status);

export async function noteRefusal(refusal: Refusal): Promise<void> {
  const Item = {
    ...keyOf.refusal(refusal.tenant, randomUUID()),
    ...refusal,
    at: currentTime().toISOString(),
    expiresAt: expiresAt(KEPT_SECONDS),
  };
  await table.send(new PutCommand({ TableName: tableName(), Item }));
}

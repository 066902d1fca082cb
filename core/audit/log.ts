/** The audit log: objects that are written once, each with some records, a line of JSON for each. */
import { auditBucketName } from '../config.ts';
import { putObjectOnce } from '../store/objects.ts';
import type { AuditRecord } from './record.ts';

/**
 * @param at when the first of them happened: objects are listed by that.
 * @param name the same for the same records: they are there once, however often they are handed over.
 */
export async function appendToAuditLog(at: Date, name: string, records: AuditRecord[]): Promise<void> {
  const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  const [day, time = ''] = at.toISOString().split('T');
  await putObjectOnce(`${day}/${time.replaceAll(':', '')}-${name}.jsonl`, Buffer.from(lines), auditBucketName());
}

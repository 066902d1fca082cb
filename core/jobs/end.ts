/** The one transition of a job into a terminal state. */
import { currentTime } from '../clock.ts';
import { tableName } from '../config.ts';
import { ANSWER_RETENTION_SECONDS, MAX_RESULT_IN_ROW_BYTES, PART_RETENTION_SECONDS } from '../limits.ts';
import { deleteObject, getObject, objectOf, putObject } from '../store/objects.ts';
import { keyOf } from '../store/row-keys.ts';
import { expiresAt, setting, transact, type Write } from '../store/table.ts';
import { countEnd } from './counts.ts';
import { type Job, type ProofJob, readJob, type TransactionJob } from './job.ts';
import { hasEnded } from './state.ts';

type Success = { state: 'succeeded' } & Required<Pick<Job, 'result'>>;
/** What a proof or check came to. */
export type ProofSuccess = Success & Pick<ProofJob, 'statement' | 'timings' | 'peakMemoryMb'>;
/** What a transaction came to. */
export type TransactionSuccess = Success & Required<Pick<TransactionJob, 'parts'>>;

export type Ending =
  | ProofSuccess
  | TransactionSuccess
  | ({ state: 'failed' | 'expired' | 'cancelled' } & Required<Pick<Job, 'error'>>);

/**
 * Ends a job that is still in the state and attempt the caller saw, gives its counts back, and deletes its witness.
 * If the deletion fails, it is left to whoever comes upon the ended job next, and in the end to `sweep`.
 *
 * @param also is written together with it.
 * @returns whether this call ended it.
 */
export async function endJob(job: Job, ending: Ending, also: Write[] = []): Promise<boolean> {
  const end = { endedAt: currentTime().toISOString(), expiresAt: expiresAt(retentionSeconds(job)) };
  const ended = setting({ ...(await withResultStored(job, ending)), ...end });
  const { done } = await transact([
    {
      Update: {
        TableName: tableName(),
        Key: keyOf.job(job.id),
        UpdateExpression: ended.expression,
        ConditionExpression: '#state = :from AND attempts = :attempt',
        ExpressionAttributeNames: ended.names,
        ExpressionAttributeValues: { ...ended.values, ':from': job.state, ':attempt': job.attempts },
      },
    },
    ...countEnd(job),
    ...also,
  ]);
  if (done) await deleteObject(objectOf.witness(job.id));
  return done;
}

/** Cancels a job whatever it is at. An attempt that is running finds its result refused. */
export async function cancelJob(tenant: string, id: string, message: string): Promise<void> {
  for (;;) {
    const job = await readJob(tenant, id);
    if (!job) return;
    if (hasEnded(job)) return deleteObject(objectOf.witness(id));
    if (await endJob(job, { state: 'cancelled', error: { code: 'CANCELLED', message } })) return;
  }
}

/** The result of a job that succeeded, wherever it lies. */
export const resultOf = async ({ result, resultObject }: Job): Promise<Uint8Array | undefined> =>
  result ?? (resultObject ? await getObject(resultObject) : undefined);

/** Undefined: as long as any job. */
function retentionSeconds({ synchronous, ...job }: Job): number | undefined {
  if (!synchronous) return undefined;
  return 'parent' in job && job.parent ? PART_RETENTION_SECONDS : ANSWER_RETENTION_SECONDS;
}

/** Stores a result that the row has no room for beside the statement. A statement that alone is too long is left out. */
async function withResultStored({ id, synchronous }: Job, ending: Ending) {
  if (ending.state !== 'succeeded') return ending;
  const { result, ...all } = ending;
  const statementBytes = 'statement' in all ? JSON.stringify(all.statement).length : 0;
  const rest = statementBytes > MAX_RESULT_IN_ROW_BYTES ? { ...all, statement: undefined } : all;
  if (result.length + statementBytes <= MAX_RESULT_IN_ROW_BYTES) return ending;
  const resultObject = synchronous ? objectOf.answer(id) : objectOf.result(id);
  await putObject(resultObject, result);
  return { ...rest, resultObject };
}

/** The one DynamoDB table: its client, reads and writes, and transactions that survive contention. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { currentTime, setClockBy } from '../clock.ts';
import { tableName } from '../config.ts';
import { JOB_RETENTION_HOURS } from '../limits.ts';
import { CLIENT } from './aws-client.ts';

export const table = DynamoDBDocumentClient.from(new DynamoDBClient(CLIENT), {
  marshallOptions: { removeUndefinedValues: true },
});
setClockBy(table);

/** A tenant's jobs, batches and API keys by time, all tenants, and the keys that are being derived. */
export const INDEX = {
  name: 'GSI1',
  partitionKey: 'GSI1PK',
  sortKey: 'GSI1SK' as const,
  projected: ['id', 'state', 'parent', 'labels'],
};

/** The primary key of a row. */
export interface Key {
  PK: string;
  SK: string;
}

export type Row = Key & Record<string, unknown>;

/** When what begins or ends now leaves the table: epoch seconds. */
export const expiresAt = (afterSeconds = JOB_RETENTION_HOURS * 3600): number =>
  Math.floor(currentTime().getTime() / 1000) + afterSeconds;

/** The part of an update that sets these attributes; those that are undefined are left alone. */
export function setting(attributes: Record<string, unknown>) {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return {
    expression: `SET ${given.map(([name]) => `#${name} = :${name}`).join(', ')}`,
    names: Object.fromEntries(given.map(([name]) => [`#${name}`, name])),
    values: Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
  };
}

/** The rows of a partition whose sort key begins like that, as they stand now. */
export const rowsUnder = ({ PK, SK }: Key): AsyncGenerator<Row> =>
  query('PK = :partition AND begins_with(SK, :start)', { ':partition': PK, ':start': SK });

/** All rows of a partition, as they stand now. */
export const rowsIn = (partition: string): Promise<Row[]> =>
  Array.fromAsync(query('PK = :partition', { ':partition': partition }));

async function* query(
  KeyConditionExpression: string,
  ExpressionAttributeValues: Record<string, string>,
): AsyncGenerator<Row> {
  const pages = paginateQuery(
    { client: table },
    { TableName: tableName(), KeyConditionExpression, ExpressionAttributeValues, ConsistentRead: true },
  );
  for await (const { Items = [] } of pages) yield* Items as Row[];
}

/** What the index has in a partition: the keys of rows and what else is projected, some time ago. */
export async function* indexedUnder(partition: string): AsyncGenerator<Row> {
  const pages = paginateQuery(
    { client: table },
    {
      TableName: tableName(),
      IndexName: INDEX.name,
      KeyConditionExpression: `${INDEX.partitionKey} = :partition`,
      ExpressionAttributeValues: { ':partition': partition },
    },
  );
  for await (const { Items = [] } of pages) yield* Items as Row[];
}

/** The row as it stands now, if there is one. */
export async function rowAt(Key: Key): Promise<Record<string, unknown> | undefined> {
  return (await table.send(new GetCommand({ TableName: tableName(), Key, ConsistentRead: true }))).Item;
}

/** DynamoDB's limit for one read of many rows. */
const ROWS_AT_ONCE = 100;

/** The rows that there are of these, as they stand now, in no order. */
export async function rowsOf(keys: Key[]): Promise<Record<string, unknown>[]> {
  const left = [...keys];
  const rows: Record<string, unknown>[] = [];
  let pauseMs = SHORTEST_PAUSE_MS;
  while (left.length > 0) {
    const Keys = left.splice(0, ROWS_AT_ONCE);
    const { Responses, UnprocessedKeys } = await table.send(
      new BatchGetCommand({ RequestItems: { [tableName()]: { Keys, ConsistentRead: true } } }),
    );
    rows.push(...(Responses?.[tableName()] ?? []));
    const unread = (UnprocessedKeys?.[tableName()]?.Keys ?? []) as Key[];
    left.push(...unread);
    // More than 16 MB, or more than the table gives at the moment.
    if (unread.length > 0) await delay(pauseMs);
    pauseMs = nextPause(pauseMs);
  }
  return rows;
}

/** @returns whether it happened: not if its condition did not hold. */
export async function updateIf(update: UpdateCommandInput): Promise<boolean> {
  try {
    await despiteContention(() => table.send(new UpdateCommand(update)));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];
/** `failed`: the positions of the writes whose condition did not hold. */
export type Outcome = { done: true } | { done: false; failed: number[] };

/** Reasons for which DynamoDB cancels a transaction that are over in a moment. */
const CONTENTION = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** All writes or none. Says which conditions failed instead of throwing; contention is waited out. */
export async function transact(writes: Write[]): Promise<Outcome> {
  // One token for all tries: one whose answer was lost may have happened, and is not to be taken for somebody else's.
  const transaction = { TransactItems: writes, ClientRequestToken: randomUUID() };
  try {
    await despiteContention(() => table.send(new TransactWriteCommand(transaction)));
    return { done: true };
  } catch (error) {
    const failed = failedConditions(error);
    if (failed.length > 0) return { done: false, failed };
    throw error;
  }
}

/** The positions of the writes whose condition did not hold. */
const failedConditions = (error: unknown): number[] =>
  reasonsOf(error).flatMap((code, index) => (code === 'ConditionalCheckFailed' ? [index] : []));

const reasonsOf = (error: unknown): string[] =>
  error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []).map(({ Code }) => `${Code}`) : [];

const isContention = (error: unknown): boolean =>
  error instanceof TransactionConflictException ||
  (reasonsOf(error).some((code) => CONTENTION.has(code)) && failedConditions(error).length === 0);

/** Longer than hundreds of writes to one item take, and shorter than a request may. */
const CONTENTION_MS = 20_000;

/** Writes again, for a while, what failed because others write to the same items, since the SDK does not. */
async function despiteContention<T>(write: () => Promise<T>): Promise<T> {
  const givenUpAt = performance.now() + CONTENTION_MS;
  for (let pauseMs = SHORTEST_PAUSE_MS; ; pauseMs = nextPause(pauseMs)) {
    try {
      return await write();
    } catch (error) {
      if (!isContention(error) || performance.now() > givenUpAt) throw error;
    }
    await delay(pauseMs);
  }
}

const SHORTEST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 2000;

/** Decorrelated jitter: by chance, and longer while it takes long. */
const nextPause = (pauseMs: number): number =>
  Math.min(SHORTEST_PAUSE_MS + Math.random() * (3 * pauseMs - SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);

/** A tenant's jobs, newest first, page by page. */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { tableName } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { keyOf } from '../store/row-keys.ts';
import { INDEX, table } from '../store/table.ts';
import { type Job, jobsOf, readJobs } from './job.ts';
import type { JobState } from './state.ts';

export interface JobFilter {
  state?: JobState;
  /** Every one of them. */
  labels?: Record<string, string>;
  /** The parts of that transaction. Parts are left out if it is not given. */
  parent?: string;
}

/** What is looked at for one page, however little of it is wanted: a page may be short, or empty, and not the last. */
const ROWS_AT_ONCE = 500;
const QUERIES_A_PAGE = 8;

const indexed = z.object({ id: z.uuid(), [INDEX.sortKey]: z.string() });

/**
 * @param cursor `next` of the page before
 * @returns up to `limit` jobs as they stand, and where the next page begins if there may be one.
 * @throws NightshiftError INVALID_REQUEST if the cursor is none of ours.
 */
export async function listJobs(
  tenant: string,
  filter: JobFilter,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<{ jobs: Job[]; next?: string }> {
  const found: z.infer<typeof indexed>[] = [];
  let end = cursor === undefined ? undefined : sortKeyAt(cursor);
  for (let queries = 0; queries < QUERIES_A_PAGE && found.length < limit; queries++) {
    const { Items, LastEvaluatedKey } = await query(tenant, filter, end);
    found.push(...z.array(indexed).parse(Items ?? []));
    end = LastEvaluatedKey?.[INDEX.sortKey];
    if (end === undefined) break;
  }
  const page = found.slice(0, limit);
  if (found.length > limit) end = page.at(-1)?.[INDEX.sortKey];
  return { jobs: await read(tenant, page, filter), next: end && Buffer.from(end).toString('base64url') };
}

const query = (tenant: string, { state, labels = {}, parent }: JobFilter, after: string | undefined) =>
  table.send(
    new QueryCommand({
      TableName: tableName(),
      IndexName: INDEX.name,
      KeyConditionExpression: `${INDEX.partitionKey} = :tenant`,
      FilterExpression: [
        parent ? 'parent = :parent' : 'attribute_not_exists(parent)',
        ...(state ? ['#state = :state'] : []),
        ...Object.keys(labels).map((_, index) => `labels.#label${index} = :label${index}`),
      ].join(' AND '),
      ExpressionAttributeNames: namesOrNone({
        ...(state && { '#state': 'state' }),
        ...Object.fromEntries(Object.keys(labels).map((name, index) => [`#label${index}`, name])),
      }),
      ExpressionAttributeValues: {
        ':tenant': jobsOf(tenant),
        ...(parent && { ':parent': parent }),
        ...(state && { ':state': state }),
        ...Object.fromEntries(Object.values(labels).map((value, index) => [`:label${index}`, value])),
      },
      ScanIndexForward: false,
      Limit: ROWS_AT_ONCE,
      ...(after && { ExclusiveStartKey: startKey(tenant, after) }),
    }),
  );

/** DynamoDB takes no empty list of names. */
const namesOrNone = (names: Record<string, string>) => (Object.keys(names).length > 0 ? names : undefined);

const startKey = (tenant: string, sortKey: string) => ({
  ...keyOf.job(sortKey.slice(sortKey.indexOf('#') + 1)),
  [INDEX.partitionKey]: jobsOf(tenant),
  [INDEX.sortKey]: sortKey,
});

const SORT_KEY = /^[0-9T:.-]+Z#[0-9a-f-]{36}$/;

function sortKeyAt(cursor: string): string {
  const sortKey = Buffer.from(cursor, 'base64url').toString();
  if (SORT_KEY.test(sortKey)) return sortKey;
  throw new NightshiftError('INVALID_REQUEST', 'cursor: take it from `next` of the page before, as it is.');
}

/** The index lags behind the table: a job that has moved on meanwhile is left out. */
async function read(tenant: string, page: { id: string }[], { state }: JobFilter): Promise<Job[]> {
  const jobs = await readJobs(
    tenant,
    page.map(({ id }) => id),
  );
  return page
    .map(({ id }) => jobs.get(id))
    .filter((job) => job !== undefined)
    .filter((job) => state === undefined || job.state === state);
}

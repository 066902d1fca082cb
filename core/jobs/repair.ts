/**
 * Counts change with their jobs or not at all, so they match; if they do not, because of a restored table say, they are set
 * right. That is only done where nothing changed between two looks, of which the one is at the jobs.
 */
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { tableName } from '../config.ts';
import type { LaneName } from '../lanes.ts';
import { keyOf } from '../store/row-keys.ts';
import { type Key, table, updateIf } from '../store/table.ts';
import type { CountShard } from './count-items.ts';
import type { Job } from './job.ts';
import type { LaneShard } from './lane-counts.ts';
import { readInFlightShards } from './tenant-counts.ts';

/**
 * @param counted as it was before its jobs were read.
 * @returns whether the counts did not match, and do now.
 */
export async function repairLaneShard(lane: LaneName, counted: LaneShard, jobs: Job[]): Promise<boolean> {
  const open = jobs.length;
  const proving = jobs.filter(({ state }) => state === 'proving').length;
  if (counted.open === open && counted.proving === proving) return false;
  return setCounts(keyOf.laneCount(lane, counted.shard), { open, proving }, counted.changes);
}

/** Takes jobs off the list of open ones whose rows are gone. */
export async function forgetGone(lane: LaneName, shard: number, ids: string[]): Promise<void> {
  const forget = (id: string) =>
    table.send(new DeleteCommand({ TableName: tableName(), Key: keyOf.open(lane, shard, id) }));
  await pLimit(8).map(ids, forget);
}

/** Holds what tenants have in flight against the open jobs of all lanes. */
export class InFlightCheck {
  readonly #before: Map<string, CountShard[]>;
  readonly #found = new Map<string, number>();

  private constructor(before: Map<string, CountShard[]>) {
    this.#before = before;
  }

  /** Before the first job is looked at. */
  static async begin(tenants: string[]): Promise<InFlightCheck> {
    const counted = tenants.map(async (tenant) => [tenant, await readInFlightShards(tenant)] as const);
    return new InFlightCheck(new Map(await Promise.all(counted)));
  }

  add(jobs: Job[]): void {
    for (const { tenant, shards } of jobs) {
      if (shards.tenant === undefined) continue;
      const place = placeOf(tenant, shards.tenant);
      this.#found.set(place, (this.#found.get(place) ?? 0) + 1);
    }
  }

  /** After the last one. @returns how many counts did not match, and do now. */
  async repair(): Promise<number> {
    let repaired = 0;
    for (const [tenant, shards] of this.#before) {
      for (const { shard, count, changes } of shards) {
        const jobs = this.#found.get(placeOf(tenant, shard)) ?? 0;
        if (jobs !== count && (await setCounts(keyOf.inFlight(tenant, shard), { jobs }, changes))) repaired++;
      }
    }
    return repaired;
  }
}

const placeOf = (tenant: string, shard: number) => keyOf.inFlight(tenant, shard).PK + keyOf.inFlight(tenant, shard).SK;

/** @returns whether it was done: not if anything has changed since. */
function setCounts(Key: Key, counts: Record<string, number>, changes: number): Promise<boolean> {
  const names = Object.keys(counts);
  return updateIf({
    TableName: tableName(),
    Key,
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')} ADD #changes :one`,
    ConditionExpression: '#changes = :seen',
    ExpressionAttributeNames: Object.fromEntries([...names, 'changes'].map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(names.map((name) => [`:${name}`, counts[name]])),
      ':one': 1,
      ':seen': changes,
    },
  });
}

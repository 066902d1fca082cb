/** Jobs that have not ended, followed together. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Job, ListedJob, Nightshift } from '../client/index.ts';
import { hasEnded } from '../core/jobs/state.ts';
import type { FollowedJob } from './job-progress.ts';

const POLL_MS = 2_000;

/** By their ids. */
export type OpenJobs = Map<string, ListedJob>;

export async function openJobs(nightshift: Nightshift, signal: AbortSignal): Promise<OpenJobs> {
  const open: OpenJobs = new Map();
  for (const state of ['queued', 'proving'] as const) {
    for await (const job of nightshift.jobs({ state }, { signal })) open.set(job.id, job);
  }
  return open;
}

interface Followed extends FollowedJob {
  feed: ReadableStreamDefaultController<Job | ListedJob>;
}

/** Looks at the list now and then: a request that waits for each job would keep as many functions busy with waiting. */
export function followed(nightshift: Nightshift, jobs: OpenJobs, signal: AbortSignal): FollowedJob[] {
  const all = [...jobs.values()].map(follow);
  feedAll(nightshift, all, jobs, signal).catch((error) => {
    for (const { feed } of all) feed.error(error);
  });
  return all;
}

function follow(job: ListedJob): Followed {
  let feed: Followed['feed'] | undefined;
  const views = new ReadableStream<Job | ListedJob>({
    start(controller) {
      feed = controller;
    },
  });
  return { job, views, feed: feed as Followed['feed'] };
}

async function feedAll(nightshift: Nightshift, all: Followed[], listed: OpenJobs, signal: AbortSignal): Promise<void> {
  let open = all;
  let latest = listed;
  for (;;) {
    const still: Followed[] = [];
    for (const one of open) {
      // One that is in the list no more has ended, or has gone on from the one state to the other meanwhile.
      const job = latest.get(one.job.id) ?? (await nightshift.job(one.job.id, { signal }));
      one.feed.enqueue(job);
      if (hasEnded(job)) one.feed.close();
      else still.push(one);
    }
    if (still.length === 0) return;
    open = still;
    await delay(POLL_MS, undefined, { signal });
    latest = await openJobs(nightshift, signal);
  }
}

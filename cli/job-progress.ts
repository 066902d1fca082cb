/** Jobs while they are at work, and what is said of them afterwards. */
import type { Job, ListedJob } from '../client/index.ts';
import { durationOf, priceOf } from './print.ts';
import { type Display, sideBySide } from './progress.ts';

type Estimate = NonNullable<Job['estimate']>;

export interface FollowedJob {
  job: Job | ListedJob;
  /** The job as it gets on, until it has ended. */
  views: AsyncIterable<Job>;
}

/** Shows each until it has ended. @returns them as they ended. @throws what a view rejects with. */
export async function followJobs(jobs: FollowedJob[]): Promise<Job[]> {
  const ends = jobs.map(() => Promise.withResolvers<Job>());
  await sideBySide(
    jobs.map((followed, n) => ({
      title: titleOf(followed.job),
      async work(display) {
        const end = follow(followed, display);
        end.then(ends[n]?.resolve, ends[n]?.reject);
        const { error } = await end;
        if (error) throw new Error(error.message);
      },
    })),
  );
  return Promise.all(ends.map(({ promise }) => promise));
}

async function follow({ job, views }: FollowedJob, { retitle, note }: Display): Promise<Job> {
  let latest: Job | undefined;
  for await (const view of views) {
    if (view.state !== latest?.state && view.endedAt === undefined) note(described(view));
    latest = view;
  }
  if (!latest) throw new Error('a job without a state');
  retitle(`${titleOf(job)} ${endOf(latest)}`);
  return latest;
}

const titleOf = ({ id, operation, circuit }: Job | ListedJob): string => `${circuit ?? operation} ${id}`;

const described = ({ state, lane, estimate, attempts }: Job): string =>
  [state, `lane ${lane}`, estimate && `expected: ${estimateOf(estimate)}`, attempts > 1 && `attempt ${attempts}`]
    .filter(Boolean)
    .join(' · ');

export const estimateOf = ({ queuedMs, keysMs, proveMs, costUsd }: Estimate): string =>
  `${durationOf(queuedMs)} in the queue, ${durationOf(proveMs)} to prove, up to ${durationOf(keysMs)} to load keys, ${priceOf(costUsd)}`;

/** `succeeded in 2.6 s: queued 0.1 s, …` */
export function endOf({ state, createdAt, endedAt, timings, peakMemoryMb, costUsd }: Job | ListedJob): string {
  const took = endedAt === undefined ? [] : [`in ${durationOf(Date.parse(endedAt) - Date.parse(createdAt))}`];
  const parts = timings && [
    `queued ${durationOf(timings.queuedMs)}`,
    `keys ${durationOf(timings.keysMs)}`,
    `proved ${durationOf(timings.proveMs)}`,
    `verified ${durationOf(timings.verifyMs)}`,
  ];
  const used = [
    peakMemoryMb !== undefined && `${Math.round(peakMemoryMb)} MB`,
    costUsd !== undefined && priceOf(costUsd),
  ].filter(Boolean);
  return [[state, ...took].join(' ') + (parts ? `: ${parts.join(', ')}` : ''), ...used].join(' · ');
}

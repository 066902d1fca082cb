/** Jobs while they are at work, and what is said of them afterwards. */
import type { Job, ListedJob } from '../client/index.ts';
import { barOf, expectedMs } from './job-bar.ts';
import { durationOf, priceOf } from './print.ts';
import { type Display, sideBySide } from './progress.ts';

const REDRAWN_MS = 250;

type Estimate = NonNullable<Job['estimate']>;

export interface FollowedJob<View = Job | ListedJob> {
  job: Job | ListedJob;
  /** The job as it gets on, until it has ended. */
  views: AsyncIterable<View>;
}

/** Shows one until it has ended. @returns it as it ended. @throws what its views reject with. */
export async function followJob(job: FollowedJob<Job>): Promise<Job> {
  const [ended] = await followJobs([job]);
  return ended as Job;
}

/** Shows each until it has ended. @returns them as they ended. @throws what a view rejects with. */
export async function followJobs<View extends Job | ListedJob>(jobs: FollowedJob<View>[]): Promise<View[]> {
  const ends = jobs.map(() => Promise.withResolvers<View>());
  const ended = Promise.all(ends.map(({ promise }) => promise));
  // It is looked at once nothing is shown any more.
  ended.catch(() => undefined);
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
  return ended;
}

async function follow<View extends Job | ListedJob>(
  { job, views }: FollowedJob<View>,
  { retitle, note, isAlive }: Display,
): Promise<View> {
  let latest: View | undefined;
  const { estimate } = job;
  const begun = performance.now();
  const draw = () => {
    if (!latest || !estimate) return;
    note(`${barOf((performance.now() - begun) / expectedMs(estimate))} ${described(latest)}`);
  };
  const drawing = isAlive && estimate ? setInterval(draw, REDRAWN_MS) : undefined;
  try {
    for await (const view of views) {
      if (view.state !== latest?.state && view.endedAt === undefined) note(described(view));
      latest = view;
    }
  } finally {
    clearInterval(drawing);
  }
  if (!latest) throw new Error('a job without a state');
  retitle(`${titleOf(job)} ${endOf(latest)}`);
  return latest;
}

const titleOf = ({ id, operation, circuit }: Job | ListedJob): string => `${circuit ?? operation} ${id}`;

const described = ({ state, lane, estimate, attempts }: Job | ListedJob): string =>
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

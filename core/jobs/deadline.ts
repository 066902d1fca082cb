/** A job whose submitter gave it a deadline is given up when that has passed. */
import { currentTime } from '../clock.ts';
import type { Ending } from './end.ts';
import type { Job } from './job.ts';
import { hasEnded } from './state.ts';

export const deadlineAfter = (createdAt: string, seconds: number): string =>
  new Date(Date.parse(createdAt) + seconds * 1000).toISOString();

export const isPastDeadline = ({ deadlineAt }: Job, now = currentTime()): boolean =>
  deadlineAt !== undefined && Date.parse(deadlineAt) <= now.getTime();

/** Whether the last attempt is taken to be alive. */
export const isRunning = ({ attemptEndsAt }: Job, now = currentTime()): boolean =>
  attemptEndsAt !== undefined && Date.parse(attemptEndsAt) > now.getTime();

/** Whether its deadline has passed, and no attempt is there to end it for that. */
export const isOverdue = (job: Job, now = currentTime()): boolean =>
  !hasEnded(job) && isPastDeadline(job, now) && !isRunning(job, now);

/** How it ends then. */
export const pastDeadline = ({ state }: Job): Ending =>
  state === 'queued'
    ? { state: 'expired', error: { code: 'EXPIRED', message: 'Its deadline passed before it was begun.' } }
    : { state: 'failed', error: { code: 'TIMEOUT', message: 'Its deadline passed before it was done.' } };

/** Aborts when it passes. */
export const untilDeadline = ({ deadlineAt }: Job): AbortSignal[] =>
  deadlineAt === undefined ? [] : [AbortSignal.timeout(Math.max(Date.parse(deadlineAt) - currentTime().getTime(), 0))];

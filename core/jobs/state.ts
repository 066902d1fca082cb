/** The states of a job: `queued → proving → succeeded | failed | cancelled | expired`. */
export const JOB_STATES = ['queued', 'proving', 'succeeded', 'failed', 'cancelled', 'expired'] as const;
export type JobState = (typeof JOB_STATES)[number];

const TERMINAL: ReadonlySet<JobState> = new Set(['succeeded', 'failed', 'cancelled', 'expired']);

/** Whether it is in a terminal state, which never changes. */
export const hasEnded = ({ state }: { state: JobState }): boolean => TERMINAL.has(state);

/** How calls are made, whatever they ask for. */
import type { Job } from './answers.ts';

export interface CallOptions {
  signal?: AbortSignal;
}

export interface SubmitOptions extends CallOptions {
  /** Whether to reject with QUEUE_FULL at once where the queue is full, instead of waiting for a place. */
  failsWhenFull?: boolean;
  /**
   * The same request with the same key comes to the same job for 24 hours, also if that has failed: draw a new one after a
   * failure. Callers with one key share its job: if one cancels it, it is cancelled for all. Drawn for each call if not given.
   */
  idempotencyKey?: string;
}

export interface ProveOptions extends SubmitOptions {
  /** Is given the job at every change of its state, and now and then between. If it throws, the job is cancelled. */
  onProgress?: (job: Job) => void;
}

/** Handing jobs in: each once, sealed if it is to be, and cancelled if its caller gives it up meanwhile. */
import { v4 as uuid } from 'uuid';
import { batchView } from '../core/api/batches.ts';
import { jobView } from '../core/api/jobs.ts';
import type { Batch, Job } from './answers.ts';
import type { Connection, Question } from './connection.ts';
import type { SubmitOptions } from './options.ts';
import { type BatchRequest, formOf, type JobRequest, labelsInQuery, type TaggedJobOptions } from './requests.ts';
import type { Seal, Sealer } from './sealing.ts';

export class Submissions {
  readonly #connection: Connection;
  readonly #sealer: Sealer | undefined;
  readonly #cancel: (id: string) => Promise<unknown>;

  /**
   * @param sealer if what is handed in is to be sealed.
   * @param cancel ends a job that was handed in for somebody who has given it up meanwhile.
   */
  constructor(connection: Connection, sealer: Sealer | undefined, cancel: (id: string) => Promise<unknown>) {
    this.#connection = connection;
    this.#sealer = sealer;
    this.#cancel = cancel;
  }

  submit(request: JobRequest, options: SubmitOptions): Promise<Job> {
    const { signal, idempotencyKey } = options;
    const job = { ...request, id: request.id ?? this.#drawId(idempotencyKey) };
    const once = { ...options, idempotencyKey: idempotencyKey ?? uuid() };
    return this.#sealing(async (seal) => this.#submit(job, { json: await formOf(job, seal) }, once), signal);
  }

  /** @param body of the compatible `/prove`, `/check` or `/prove-tx`. */
  submitTagged(body: Uint8Array, job: TaggedJobOptions, options: SubmitOptions): Promise<Job> {
    const { labels, ...query } = job;
    return this.#submit(job, { query: { ...query, label: labelsInQuery(labels) }, bytes: body }, options);
  }

  submitBatch(requests: BatchRequest[], options: SubmitOptions): Promise<Batch> {
    const { signal, idempotencyKey } = options;
    const jobs = requests.map((request) => ({ ...request, id: request.id ?? this.#drawId(idempotencyKey) }));
    const once = { ...options, idempotencyKey: idempotencyKey ?? uuid() };
    return this.#sealing(async (seal) => {
      const json = { items: await Promise.all(jobs.map((job) => formOf(job, seal))) };
      return this.#connection.ask(batchView, '/v1/batches', { json, ...once });
    }, signal);
  }

  /**
   * What is sealed is sealed for the job of an id. What is not has to be the same request to the last byte where it is
   * repeated with its Idempotency-Key: there the server draws the id.
   */
  #drawId(idempotencyKey?: string): string | undefined {
    return this.#sealer || idempotencyKey === undefined ? uuid() : undefined;
  }

  /** Does something that takes a seal, if there is to be any. */
  async #sealing<T>(work: (seal?: Seal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    return this.#sealer ? this.#sealer.sealing(work, signal) : work();
  }

  async #submit(
    { id, deadlineSeconds }: Pick<JobRequest, 'id' | 'deadlineSeconds'>,
    question: Question,
    { signal, idempotencyKey = uuid(), failsWhenFull }: SubmitOptions,
  ): Promise<Job> {
    signal?.throwIfAborted();
    try {
      const job = await this.#connection.ask(jobView, '/v1/jobs', {
        ...question,
        idempotencyKey,
        jobId: id,
        signal,
        seenThrough: true,
        failsWhenFull,
        ...(deadlineSeconds !== undefined && { retryForMs: Number(deadlineSeconds) * 1000 }),
      });
      if (!signal?.aborted) return job;
      await this.#cancel(job.id).catch(() => undefined);
    } catch (error) {
      if (!signal?.aborted) throw error;
      // An attempt whose answer was lost may have been taken.
      if (id !== undefined && error === signal.reason) this.#cancel(id).catch(() => undefined);
    }
    throw signal.reason;
  }
}

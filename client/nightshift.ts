import { v4 as uuid } from 'uuid';
import { batchView } from '../core/api/batches.ts';
import { checkView, estimateView, verifyView } from '../core/api/circuits.ts';
import { contractView } from '../core/api/contracts.ts';
import { infoView } from '../core/api/info.ts';
import { jobList, jobView } from '../core/api/jobs.ts';
import { hasEnded } from '../core/jobs/state.ts';
import { MAX_WAIT_SECONDS } from '../core/limits.ts';
import { unlessAborted } from './abort.ts';
import type { Batch, Check, CircuitEstimate, Contract, Info, Job, ListedJob, Verdict, Verdicts } from './answers.ts';
import { Connection, type ConnectionOptions, type Question } from './connection.ts';
import { type ContractFiles, contractProgress, expectReady, register } from './contracts.ts';
import { NightshiftError } from './error.ts';
import {
  type BatchRequest,
  bytesOf,
  type CheckRequest,
  type CircuitReference,
  type Claim,
  claimForm,
  type JobFilter,
  type JobRequest,
  labelsInQuery,
  type ProofRequest,
  type TaggedJobOptions,
  withBase64,
} from './requests.ts';

export interface CallOptions {
  signal?: AbortSignal;
}

export interface SubmitOptions extends CallOptions {
  /** The same request with the same key comes to the same job, for 24 hours. Drawn for each call if not given. */
  idempotencyKey?: string;
}

export interface ProveOptions extends SubmitOptions {
  /** Is given the job at every change of its state, and now and then between. */
  onProgress?: (job: Job) => void;
}

export interface Proof {
  /** Tagged. */
  proof: Uint8Array;
  /** The public inputs, decimal, that the proof verifies against. */
  statement: string[];
  job: Job;
}

/**
 * A deployment of Nightshift.
 *
 * Requests are sent again while the server is busy or the connection broken. Every method rejects with NightshiftError,
 * or with the reason of its signal if that aborts.
 */
export class Nightshift {
  readonly #connection: Connection;

  constructor(options: ConnectionOptions) {
    this.#connection = new Connection(options);
  }

  /**
   * Has one proof made, and waits for it. If the signal aborts, the job is cancelled, as far as the server can be reached.
   *
   * @throws NightshiftError with the job's code if it ends without a proof.
   */
  async prove(request: ProofRequest, { onProgress, signal, idempotencyKey }: ProveOptions = {}): Promise<Proof> {
    signal?.throwIfAborted();
    const submission = this.#submit(request, { idempotencyKey, signal, seenThrough: true });
    try {
      let job = await unlessAborted(submission, signal);
      if (onProgress) for await (job of this.progress(job, { signal })) onProgress(job);
      else job = await this.wait(job, { signal });
      return await this.#proofOf(job, { signal });
    } catch (error) {
      // Whatever is there by then: a submission that was on its way cannot be called back.
      if (signal?.aborted) submission.then((job) => this.cancel(job)).catch(() => undefined);
      throw error;
    }
  }

  async #proofOf(job: Job, options: CallOptions): Promise<Proof> {
    const { id: jobId, state, error, statement } = job;
    if (error) throw new NightshiftError(error.code, error.message, { jobId });
    if (!statement)
      throw new NightshiftError('UNEXPECTED_ANSWER', `The job is ${state} without a statement.`, { jobId });
    const proof = job.proof === undefined ? await this.result(job, options) : bytesOf(job.proof);
    return { proof, statement, job };
  }

  /** Whether a preimage satisfies its circuit, and what proving it is expected to take. */
  check(request: CheckRequest, { signal }: CallOptions = {}): Promise<Check> {
    return this.#connection.ask(checkView, '/v1/check', { json: withBase64(request), signal });
  }

  /** Whether proofs hold. Many are verified together, which is quicker than one by one. */
  verify(claim: Claim, options?: CallOptions): Promise<Verdict>;
  verify(claims: Claim[], options?: CallOptions): Promise<Verdicts>;
  verify(claims: Claim | Claim[], { signal }: CallOptions = {}): Promise<Verdict | Verdicts> {
    const json = Array.isArray(claims) ? { items: claims.map(claimForm) } : claimForm(claims);
    return this.#connection.ask(verifyView, '/v1/verify', { json, signal });
  }

  /** What a proof of the circuit is expected to take. */
  estimate(circuit: CircuitReference, { signal }: CallOptions = {}): Promise<CircuitEstimate> {
    return this.#connection.ask(estimateView, '/v1/estimate', { json: circuit, signal });
  }

  /** @returns the job as it was taken: `wait` and `progress` follow it. */
  submit(request: JobRequest, { signal, idempotencyKey }: SubmitOptions = {}): Promise<Job> {
    return this.#submit(request, { signal, idempotencyKey });
  }

  #submit(request: JobRequest, { idempotencyKey = uuid(), ...question }: Question): Promise<Job> {
    return this.#connection.ask(jobView, '/v1/jobs', { ...question, idempotencyKey, json: withBase64(request) });
  }

  /** @param body of the compatible `/prove`, `/check` or `/prove-tx`. */
  submitTagged(
    body: Uint8Array,
    { labels, ...query }: TaggedJobOptions = {},
    { signal, idempotencyKey = uuid() }: SubmitOptions = {},
  ): Promise<Job> {
    return this.#connection.ask(jobView, '/v1/jobs', {
      query: { ...query, label: labelsInQuery(labels) },
      bytes: body,
      idempotencyKey,
      signal,
    });
  }

  job(id: string, { signal }: CallOptions = {}): Promise<Job> {
    return this.#askForJob(id, { signal });
  }

  /** @returns the job once it has ended, well or badly. */
  async wait(job: string | Job, { signal }: CallOptions = {}): Promise<Job> {
    let latest = typeof job === 'string' ? undefined : job;
    while (!latest || !hasEnded(latest)) {
      latest = await this.#askForJob(job, { query: { wait: MAX_WAIT_SECONDS }, signal });
    }
    return latest;
  }

  /** The job as it stands, then at every change of its state and now and then between, until it has ended. */
  async *progress(job: string | Job, { signal }: CallOptions = {}): AsyncGenerator<Job, void, void> {
    let latest = typeof job === 'string' ? await this.job(job, { signal }) : job;
    yield latest;
    while (!hasEnded(latest)) {
      const query = { wait: MAX_WAIT_SECONDS, after: latest.state };
      latest = await this.#askForJob(job, { query, signal });
      yield latest;
    }
  }

  /**
   * What the job came to, as tagged bytes: a proof, a check's result, a proven transaction.
   *
   * @throws NightshiftError PROOF_NOT_READY; the job's code if it ended badly.
   */
  async result(job: string | Job, { signal }: CallOptions = {}): Promise<Uint8Array> {
    return this.#connection.askForBytes(`${pathOf('jobs', job)}/proof`, { jobId: idOf(job), signal });
  }

  /** Ends the job, and deletes its witness. @returns the job, as it ended. */
  cancel(job: string | Job, { signal }: CallOptions = {}): Promise<Job> {
    return this.#askForJob(job, { method: 'DELETE', signal });
  }

  #askForJob(job: string | Job, question: Question): Promise<Job> {
    return this.#connection.ask(jobView, pathOf('jobs', job), { ...question, jobId: idOf(job) });
  }

  /** Newest first. */
  async *jobs(filter: JobFilter = {}, { signal }: CallOptions = {}): AsyncGenerator<ListedJob, void, void> {
    const { labels, ...wanted } = filter;
    let cursor: string | undefined;
    do {
      const query = { ...wanted, label: labelsInQuery(labels), cursor };
      const page = await this.#connection.ask(jobList, '/v1/jobs', { query, signal });
      yield* page.jobs;
      cursor = page.next;
    } while (cursor !== undefined);
  }

  /** Many proofs in one call; each may fail by itself. */
  submitBatch(requests: BatchRequest[], { signal, idempotencyKey = uuid() }: SubmitOptions = {}): Promise<Batch> {
    const json = { items: requests.map(withBase64) };
    return this.#connection.ask(batchView, '/v1/batches', { json, idempotencyKey, signal });
  }

  batch(id: string, { signal }: CallOptions = {}): Promise<Batch> {
    return this.#connection.ask(batchView, pathOf('batches', id), { signal });
  }

  /** @returns the batch once all its jobs have ended. */
  async waitBatch(batch: string | Batch, { signal }: CallOptions = {}): Promise<Batch> {
    const path = pathOf('batches', batch);
    let latest = typeof batch === 'string' ? undefined : batch;
    while (latest?.state !== 'ended') {
      latest = await this.#connection.ask(batchView, path, { query: { wait: MAX_WAIT_SECONDS }, signal });
    }
    return latest;
  }

  /** Ends those of its jobs that have not ended. */
  cancelBatch(batch: string | Batch, { signal }: CallOptions = {}): Promise<Batch> {
    return this.#connection.ask(batchView, pathOf('batches', batch), { method: 'DELETE', signal });
  }

  /**
   * Registers a contract, and waits until its keys are there. Again, it is the same contract, and at once.
   *
   * @throws NightshiftError with the code of a circuit that can't be proved.
   */
  async push(files: ContractFiles, options: CallOptions = {}): Promise<Contract> {
    let contract = await this.register(files, options);
    for await (contract of this.contractProgress(contract, options));
    expectReady(contract);
    return contract;
  }

  /** @returns the contract, whose keys may be building yet. */
  register(files: ContractFiles, { signal }: CallOptions = {}): Promise<Contract> {
    return register(this.#connection, files, signal);
  }

  registered(id: string, { signal }: CallOptions = {}): Promise<Contract> {
    return this.#connection.ask(contractView, pathOf('contracts', id), { signal });
  }

  /** The contract as it gets on, until none of its circuits is building any more. */
  contractProgress(contract: Contract, { signal }: CallOptions = {}): AsyncGenerator<Contract, void, void> {
    return contractProgress(this.#connection, contract, signal);
  }

  /** Versions, and what the deployment takes. */
  info({ signal }: CallOptions = {}): Promise<Info> {
    return this.#connection.ask(infoView, '/v1/info', { signal });
  }
}

type Identified = string | { id: string };

const idOf = (thing: Identified): string => (typeof thing === 'string' ? thing : thing.id);

const pathOf = (kind: 'jobs' | 'batches' | 'contracts', thing: Identified): string =>
  `/v1/${kind}/${encodeURIComponent(idOf(thing))}`;

import { batchView } from '../core/api/batches.ts';
import { estimateView, verifyView } from '../core/api/circuits.ts';
import { contractView } from '../core/api/contracts.ts';
import { infoView } from '../core/api/info.ts';
import { jobList, jobView } from '../core/api/jobs.ts';
import { parametersView } from '../core/api/parameters.ts';
import { usageView } from '../core/api/usage.ts';
import { hasEnded } from '../core/jobs/state.ts';
import { MAX_PAGE, MAX_WAIT_SECONDS } from '../core/limits.ts';
import type {
  Batch,
  Check,
  CircuitEstimate,
  Contract,
  Info,
  Job,
  ListedJob,
  Parameters,
  Usage,
  Verdict,
  Verdicts,
} from './answers.ts';
import { attended, cancelAbandoned } from './attended.ts';
import { bytesOf } from './base64.ts';
import { Connection, type ConnectionOptions, type Question } from './connection.ts';
import { type ContractFiles, contractProgress, expectReady, register } from './contracts.ts';
import { NightshiftError } from './error.ts';
import type { CallOptions, ProveOptions, SubmitOptions } from './options.ts';
import {
  type BatchRequest,
  type CheckRequest,
  type CircuitReference,
  type Claim,
  claimForm,
  type JobFilter,
  type JobRequest,
  labelsInQuery,
  type ProofRequest,
  type TaggedJobOptions,
} from './requests.ts';
import { Sealer } from './sealing.ts';
import { Submissions } from './submissions.ts';

export interface Proof {
  /** Tagged. */
  proof: Uint8Array;
  /** The public inputs, decimal, that the proof verifies against. */
  statement: string[];
  job: Job;
}

export interface NightshiftOptions extends ConnectionOptions {
  /**
   * Whether preimages are sealed before they are sent, so that only the prover can read them: yes, unless this is false.
   * Pages that came by plain HTTP can't.
   */
  seal?: boolean;
}

/**
 * A deployment of Nightshift.
 *
 * Requests are sent again while the server is busy or the connection broken. Every method rejects with NightshiftError,
 * or with the reason of its signal if that aborts.
 */
export class Nightshift {
  readonly #connection: Connection;
  readonly #submissions: Submissions;

  constructor({ seal = true, ...options }: NightshiftOptions) {
    this.#connection = new Connection(options);
    const sealer = seal ? new Sealer(this.#connection) : undefined;
    this.#submissions = new Submissions(this.#connection, sealer, (id) => cancelAbandoned(this, id));
  }

  /**
   * Has one proof made, and waits for it. If the signal aborts, it rejects at once, and the job is cancelled, as far as the
   * server can be reached. If the connection breaks for minutes, the job goes on: the error's `jobId` is for `wait`.
   *
   * @throws NightshiftError, which names the job; with the job's code if it ends without a proof.
   */
  async prove(request: ProofRequest, options: ProveOptions = {}): Promise<Proof> {
    return this.#proofOf(await attended(this, request, options), options);
  }

  async #proofOf(job: Job, { signal }: CallOptions): Promise<Proof> {
    const { id: jobId, state, error, statement } = job;
    if (error) throw new NightshiftError(error.code, error.message, { jobId });
    if (!statement)
      throw new NightshiftError('UNEXPECTED_ANSWER', `The job is ${state} without a statement.`, { jobId });
    const proof = job.proof === undefined ? await this.result(job, { signal }) : bytesOf(job.proof);
    return { proof, statement, job };
  }

  /** Whether a preimage satisfies its circuit, and what proving it is expected to take. */
  async check(request: CheckRequest, { signal }: CallOptions = {}): Promise<Check> {
    const { circuit, contract } = request;
    const estimate = await this.estimate({ circuit, contract }, { signal });
    const { id: jobId, error } = await attended(this, { ...request, operation: 'check' }, { signal });
    if (!error) return { satisfied: true, estimate };
    if (error.code === 'INVALID_WITNESS') return { satisfied: false, reason: error.message, estimate };
    throw new NightshiftError(error.code, error.message, { jobId });
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

  /**
   * Between two attempts the signal ends it at once. A submission that is on its way can't be called back: its answer is
   * waited for, and the job cancelled, before it rejects with the signal's reason.
   *
   * @returns the job as it was taken: `wait` and `progress` follow it.
   */
  submit(request: JobRequest, options: SubmitOptions = {}): Promise<Job> {
    return this.#submissions.submit(request, options);
  }

  /**
   * As `submit` does.
   *
   * @param body of the compatible `/prove`, `/check` or `/prove-tx`.
   */
  submitTagged(body: Uint8Array, job: TaggedJobOptions = {}, options: SubmitOptions = {}): Promise<Job> {
    return this.#submissions.submitTagged(body, job, options);
  }

  job(id: string, { signal }: CallOptions = {}): Promise<Job> {
    return this.#askForJob(id, { signal });
  }

  /**
   * Once the server has answered anything, a connection that breaks is waited for, some minutes.
   *
   * @returns the job once it has ended, well or badly.
   */
  async wait(job: string | Job, { signal }: CallOptions = {}): Promise<Job> {
    let latest = wholeJob(job);
    while (!latest || !hasEnded(latest)) {
      latest = await this.#follow(job, { query: { wait: MAX_WAIT_SECONDS }, signal });
    }
    return latest;
  }

  /**
   * The job as it stands, then at every change of its state and now and then between, until it has ended. A connection
   * that breaks is waited for, as by `wait`.
   */
  async *progress(job: string | Job, { signal }: CallOptions = {}): AsyncGenerator<Job, void, void> {
    let latest = wholeJob(job) ?? (await this.#follow(job, { signal }));
    yield latest;
    while (!hasEnded(latest)) {
      const query = { wait: MAX_WAIT_SECONDS, after: latest.state };
      latest = await this.#follow(job, { query, signal });
      yield latest;
    }
  }

  #follow(job: string | Job, question: Question): Promise<Job> {
    return this.#askForJob(job, { ...question, patient: true });
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
    const { labels, limit = Number.POSITIVE_INFINITY, ...wanted } = filter;
    let cursor: string | undefined;
    let left = limit;
    do {
      const query = { ...wanted, label: labelsInQuery(labels), limit: Math.min(left, MAX_PAGE), cursor };
      const { jobs, next } = await this.#connection.ask(jobList, '/v1/jobs', { query, signal });
      yield* jobs;
      cursor = next;
      left -= jobs.length;
    } while (cursor !== undefined && left > 0);
  }

  /** Many proofs in one call; each may fail by itself. */
  submitBatch(requests: BatchRequest[], options: SubmitOptions = {}): Promise<Batch> {
    return this.#submissions.submitBatch(requests, options);
  }

  batch(id: string, { signal }: CallOptions = {}): Promise<Batch> {
    return this.#connection.ask(batchView, pathOf('batches', id), { signal });
  }

  /** @returns the batch once all its jobs have ended. */
  async waitBatch(batch: string | Batch, { signal }: CallOptions = {}): Promise<Batch> {
    const path = pathOf('batches', batch);
    let latest = typeof batch === 'string' ? undefined : batch;
    while (latest?.state !== 'ended') {
      const query = { wait: MAX_WAIT_SECONDS };
      latest = await this.#connection.ask(batchView, path, { query, signal, patient: true });
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

  /** What is used of the limits of the API key and its tenant. */
  usage({ signal }: CallOptions = {}): Promise<Usage> {
    return this.#connection.ask(usageView, '/v1/usage', { signal });
  }

  /** Which public parameters are at hand. */
  parameters({ signal }: CallOptions = {}): Promise<Parameters> {
    return this.#connection.ask(parametersView, '/v1/parameters', { signal });
  }
}

/** A job of a list is asked for: lists leave out what it came to, and with that its statement. */
const wholeJob = (job: string | Job): Job | undefined =>
  typeof job === 'string' || (job.state === 'succeeded' && !job.statement) ? undefined : job;

type Identified = string | { id: string };

const idOf = (thing: Identified): string => (typeof thing === 'string' ? thing : thing.id);

const pathOf = (kind: 'jobs' | 'batches' | 'contracts', thing: Identified): string =>
  `/v1/${kind}/${encodeURIComponent(idOf(thing))}`;

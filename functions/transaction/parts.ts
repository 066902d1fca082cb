/** The jobs that a transaction is made of. */
import pLimit from 'p-limit';
import { v4 as uuid } from 'uuid';
import { knownCircuit } from '../../core/contracts/known-circuit.ts';
import { NightshiftError } from '../../core/errors.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { cancelJob, resultOf } from '../../core/jobs/end.ts';
import type { Job, TransactionJob } from '../../core/jobs/job.ts';
import { keyedDigest } from '../../core/jobs/keyed-digest.ts';
import { waitForJob } from '../../core/jobs/wait.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import type { Request } from './ledger.ts';

const UUID_BYTES = 16;

/** Parts that come into being or are cancelled at a time: they all write to the same counts. */
const AT_ONCE = 8;

/** A part's job has ended, and not well. */
export class PartFailedError extends NightshiftError {}

export class Parts {
  /** Why the first part that failed did. */
  failure: unknown;
  readonly #whole: TransactionJob;
  readonly #signal: AbortSignal;
  #cancelled = false;
  readonly #inTurn = pLimit(AT_ONCE);
  readonly #admissions = new Map<string, Promise<Job>>();
  readonly #results = new Map<string, Promise<Uint8Array>>();

  /** @param signal aborts when the transaction's time is up: no part is waited for any longer. */
  constructor(whole: TransactionJob, signal: AbortSignal) {
    this.#whole = whole;
    this.#signal = signal;
  }

  get jobIds(): string[] {
    return [...this.#results.keys()];
  }

  /**
   * Has a part done, if it is not under way yet.
   *
   * @returns the id of its job.
   */
  async begin(request: Request): Promise<string> {
    const witness = await this.#noted(canonical(request));
    // A second attempt at the transaction asks for the same parts, and finds those that there are.
    const digest = await keyedDigest(this.#whole.id, request.operation, request.keyLocation, witness);
    const id = uuid({ random: digest.subarray(0, UUID_BYTES) });
    if (!this.#results.has(id)) {
      const admission = this.#inTurn(() => this.#admit(id, request, witness));
      this.#admissions.set(id, admission);
      this.#results.set(id, this.#noted(this.#end(admission)));
    }
    return id;
  }

  /**
   * Has a part done, and waits for it.
   *
   * @returns what the job's operation answers.
   * @throws PartFailedError as the job failed; NightshiftError if it could not become a job.
   */
  async run(request: Request): Promise<Uint8Array> {
    return this.#results.get(await this.begin(request)) as Promise<Uint8Array>;
  }

  /** Waits for every part that was begun; throws as soon as one fails. */
  async all(): Promise<void> {
    await Promise.all(this.#results.values());
  }

  /** Cancels those that have not ended, once those that are coming into being are there. */
  async cancel(message: string): Promise<void> {
    this.#cancelled = true;
    const admissions = await Promise.allSettled(this.#admissions.values());
    const admitted = admissions.flatMap((admission) => (admission.status === 'fulfilled' ? [admission.value] : []));
    await this.#inTurn.map(admitted, ({ tenant, id }) => cancelJob(tenant, id, message));
  }

  async #admit(id: string, { operation, keyLocation }: Request, witness: Uint8Array): Promise<Job> {
    if (this.#cancelled) throw new NightshiftError('CANCELLED', 'The transaction has failed.');
    const { tenant, id: parent, synchronous, circuits } = this.#whole;
    const brought = circuits[keyLocation];
    const circuit = brought
      ? { circuit: keyLocation, k: brought.k, inlined: brought.artifacts }
      : await knownCircuit(keyLocation);
    return admitJob({ id, tenant, operation, parent, synchronous, witness, ...circuit });
  }

  async #end(admission: Promise<Job>): Promise<Uint8Array> {
    const { tenant, id } = await admission;
    const job = await waitForJob(tenant, id, this.#signal);
    const result = job && (await resultOf(job));
    if (result) return result;
    if (job?.error) throw new PartFailedError(job.error.code, job.error.message);
    throw new NightshiftError('TIMEOUT', 'The transaction took longer than a transaction may.');
  }

  /** Remembers why, if it fails; so it is no unhandled rejection either while nobody waits for it. */
  #noted<T>(outcome: Promise<T>): Promise<T> {
    outcome.catch((error: unknown) => {
      this.failure ??= error;
    });
    return outcome;
  }
}

async function canonical({ preimage: body, bindingInput }: Request): Promise<Uint8Array> {
  const request = { endpoint: 'preimage' as const, body, bindingInput: bindingInput?.toString() };
  return (await nativeProver().ask('inspect', request)).preimage;
}

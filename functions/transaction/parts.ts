/** The jobs that a transaction is made of. */
import { v4 as uuid } from 'uuid';
import { knownCircuit } from '../../core/circuits/builtin.ts';
import { NightshiftError } from '../../core/errors.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { cancelJob, resultOf } from '../../core/jobs/end.ts';
import type { TransactionJob } from '../../core/jobs/job.ts';
import { keyedDigest } from '../../core/jobs/keyed-digest.ts';
import { waitForJob } from '../../core/jobs/wait.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';

const UUID_BYTES = 16;

type Whole = Pick<TransactionJob, 'id' | 'tenant' | 'circuits'>;
type Operation = 'prove' | 'check';

export class Parts {
  /** Why the first part that failed did: a NightshiftError if that is the end of it. */
  failure: unknown;
  readonly #whole: Whole;
  readonly #signal: AbortSignal;
  readonly #results = new Map<string, Promise<Uint8Array>>();

  /** @param signal aborts when the transaction's time is up: no part is waited for any longer. */
  constructor(whole: Whole, signal: AbortSignal) {
    this.#whole = whole;
    this.#signal = signal;
  }

  get jobIds(): string[] {
    return [...this.#results.keys()];
  }

  /**
   * Has a part done, if it is not under way yet.
   *
   * @param preimage tagged `proof-preimage`
   * @returns the id of its job.
   */
  async begin(operation: Operation, keyLocation: string, preimage: Uint8Array, bindingInput?: bigint): Promise<string> {
    const witness = await this.#noted(canonical(preimage, bindingInput));
    // A second attempt at the transaction asks for the same parts, and finds those that there are.
    const digest = await keyedDigest(this.#whole.id, operation, keyLocation, witness);
    const id = uuid({ random: digest.subarray(0, UUID_BYTES) });
    if (!this.#results.has(id)) {
      this.#results.set(id, this.#noted(this.#do(id, operation, keyLocation, witness)));
    }
    return id;
  }

  /**
   * Has a part done, and waits for it.
   *
   * @returns what the job's operation answers.
   * @throws NightshiftError as the job failed.
   */
  async run(...part: Parameters<Parts['begin']>): Promise<Uint8Array> {
    return this.#results.get(await this.begin(...part)) as Promise<Uint8Array>;
  }

  /** Waits for every part that was begun; throws as soon as one fails. */
  async all(): Promise<void> {
    await Promise.all(this.#results.values());
  }

  /** Cancels those that have not ended. */
  async cancel(message: string): Promise<void> {
    await Promise.all(this.jobIds.map((id) => cancelJob(this.#whole.tenant, id, message)));
  }

  async #do(id: string, operation: Operation, keyLocation: string, witness: Uint8Array): Promise<Uint8Array> {
    const { tenant, id: parent, circuits } = this.#whole;
    const brought = circuits[keyLocation];
    const circuit = brought
      ? { circuit: keyLocation, k: brought.k, inlined: brought.artifacts }
      : knownCircuit(keyLocation);
    await admitJob({ id, tenant, operation, parent, witness, ...circuit });
    const job = await waitForJob(tenant, id, this.#signal);
    const result = job && (await resultOf(job));
    if (result) return result;
    if (job?.error) throw new NightshiftError(job.error.code, job.error.message);
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

async function canonical(body: Uint8Array, bindingInput?: bigint): Promise<Uint8Array> {
  const request = { endpoint: 'preimage' as const, body, bindingInput: bindingInput?.toString() };
  return (await nativeProver().ask('inspect', request)).preimage;
}

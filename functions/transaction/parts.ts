/** The jobs that a transaction is made of. */
import { v4 as uuid } from 'uuid';
import { knownCircuit } from '../../core/circuits/builtin.ts';
import { NightshiftError } from '../../core/errors.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { cancelJob, resultOf } from '../../core/jobs/end.ts';
import type { Job, TransactionJob } from '../../core/jobs/job.ts';
import { keyedDigest } from '../../core/jobs/keyed-digest.ts';
import { waitForJob } from '../../core/jobs/wait.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';

const UUID_BYTES = 16;

export class Parts {
  /** Why the first part that failed did: a NightshiftError if that is the end of it. */
  failure: unknown;
  readonly jobIds: string[] = [];
  readonly #transaction: TransactionJob;
  readonly #signal: AbortSignal;

  /** @param signal aborts when the transaction's time is up: no part is waited for any longer. */
  constructor(transaction: TransactionJob, signal: AbortSignal) {
    this.#transaction = transaction;
    this.#signal = signal;
  }

  /**
   * Has one part done, and waits for it.
   *
   * @param preimage tagged `proof-preimage`
   * @returns what the job's operation answers.
   * @throws NightshiftError as the job failed.
   */
  async run(operation: 'prove' | 'check', keyLocation: string, preimage: Uint8Array, bindingInput?: bigint) {
    try {
      const job = await this.#admit(operation, keyLocation, preimage, bindingInput);
      return await this.#resultOf(job);
    } catch (error) {
      this.failure ??= error;
      throw error;
    }
  }

  /** Cancels those that have not ended. */
  async cancel(message: string): Promise<void> {
    await Promise.all(this.jobIds.map((id) => cancelJob(this.#transaction.tenant, id, message)));
  }

  async #admit(operation: 'prove' | 'check', keyLocation: string, body: Uint8Array, bindingInput?: bigint) {
    const { tenant, id: parent, circuits } = this.#transaction;
    const inlined = circuits[keyLocation];
    const circuit = inlined
      ? { circuit: keyLocation, k: inlined.k, inlined: inlined.artifacts }
      : knownCircuit(keyLocation);
    const { preimage: witness } = await nativeProver().ask('inspect', {
      endpoint: 'preimage',
      body,
      bindingInput: bindingInput?.toString(),
    });
    // A second attempt at the transaction asks for the same parts, and finds those that there are.
    const digest = await keyedDigest(parent, operation, witness);
    const id = uuid({ random: digest.subarray(0, UUID_BYTES) });
    this.jobIds.push(id);
    return admitJob({ id, tenant, operation, parent, witness, ...circuit });
  }

  async #resultOf({ tenant, id }: Job): Promise<Uint8Array> {
    const job = await waitForJob(tenant, id, this.#signal);
    const result = job && (await resultOf(job));
    if (result) return result;
    if (job?.error) throw new NightshiftError(job.error.code, job.error.message);
    throw new NightshiftError('TIMEOUT', 'The transaction took longer than a transaction may.');
  }
}

/** The ledger package, at arm's length (see ledger-thread.ts). */
import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { NightshiftError } from '../../core/errors.ts';

/** A check or a proof that the package asks for. `preimage` is tagged `proof-preimage`. */
export interface Request {
  operation: 'check' | 'prove';
  keyLocation: string;
  preimage: Uint8Array;
  bindingInput?: bigint | undefined;
}

/** From the thread: something is asked, or the transaction came out. */
export type Asked = { id: number; request: Request };
export type Outcome = { proven: Uint8Array } | { reason: string };
/** To the thread; without a result there is none to be had. */
export type Answer = { id: number; result?: Uint8Array | undefined };

/** Checks answer `vec(option(u64))`, proofs `proof-versioned`. */
export type Provider = (request: Request) => Promise<Uint8Array>;

export class Ledger implements AsyncDisposable {
  /** Bundled, the thread's module lies beside this one under the bundle's ending. */
  readonly #thread = new Worker(new URL(`./ledger-thread${extname(import.meta.url)}`, import.meta.url));
  readonly #death = once(this.#thread, 'error').then(([error]) => Promise.reject(causeOf(error)));

  constructor() {
    // It may die while nobody asks it anything.
    this.#death.catch(() => undefined);
  }

  /**
   * Puts proofs into a transaction, one call at a time.
   *
   * @param unproven tagged `transaction[v9](signature[v1],proof-preimage,embedded-fr[v1])`, read and found good by the
   *   native prover: the package can be kept busy for very long by bytes made for that.
   * @param provider if it throws, so does this.
   * @returns the tagged proven transaction.
   * @throws NightshiftError INVALID_WITNESS if the package can't make one of it.
   */
  async prove(unproven: Uint8Array, provider: Provider): Promise<Uint8Array> {
    const answer = async ({ id, request }: Asked) => {
      const result = await provider(request).catch(() => undefined);
      this.#thread.postMessage({ id, result } satisfies Answer);
    };
    const outcome = new Promise<Outcome>((resolve) => {
      this.#thread.on('message', (message: Asked | Outcome) => ('id' in message ? answer(message) : resolve(message)));
    });
    this.#thread.postMessage({ unproven });
    try {
      const came = await Promise.race([outcome, this.#death]);
      if ('proven' in came) return came.proven;
      throw new NightshiftError('INVALID_WITNESS', `The transaction can't be proven: ${came.reason}`);
    } finally {
      this.#thread.removeAllListeners('message');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread.terminate();
  }
}

/** A panic is the package's way of saying that it was given what does not go together. */
const causeOf = (error: unknown): unknown =>
  error instanceof Error && error.name === 'RuntimeError'
    ? new NightshiftError('INVALID_WITNESS', 'The transaction does not fit the circuits that it names.')
    : error;

/** Sealing preimages before they are sent: then nobody reads them but the prover. */
import { infoView } from '../core/api/info.ts';
import { sealingKeyView } from '../core/api/sealing-key.ts';
import type { Binding } from '../core/sealing/additional-data.ts';
import { type PublicSealingKey, seal } from '../core/sealing/seal.ts';
import { sealedBytes } from '../core/sealing/sealed-witness.ts';
import { unlessAborted } from './abort.ts';
import { base64Of, bytesOf } from './base64.ts';
import type { Connection } from './connection.ts';
import { NightshiftError } from './error.ts';

/** What there is to seal with. */
interface Known {
  key: PublicSealingKey;
  /** Whose the API key is. */
  tenant: string;
}

/** Seals a preimage for its job. @returns base64. */
export type Seal = (preimage: Uint8Array, job: Omit<Binding, 'tenant'>) => Promise<string>;

export class Sealer {
  readonly #connection: Connection;
  #known: Promise<Known> | undefined;
  /** In milliseconds since 1970. */
  #validUntil = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Does something that takes a seal. The key is the one that was asked for before, as long as it is good; if the server
   * does not take it all the same, it is done once more, with a new one.
   *
   * @throws NightshiftError CANNOT_SEAL where the browser has no cryptography; as `Connection.ask`.
   */
  async sealing<T>(work: (seal: Seal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    expectCryptography();
    const known = this.#current();
    try {
      return await work(sealWith(await unlessAborted(known, signal)));
    } catch (error) {
      if (!(error instanceof NightshiftError) || error.code !== 'SEALING_KEY_NOT_FOUND') throw error;
      if (this.#known === known) this.#known = undefined;
      return work(sealWith(await unlessAborted(this.#current(), signal)));
    }
  }

  /** Asked for once, for all who seal meanwhile. */
  #current(): Promise<Known> {
    if (this.#known && Date.now() < this.#validUntil) return this.#known;
    const asked = this.#ask();
    this.#known = asked;
    this.#validUntil = Number.POSITIVE_INFINITY;
    asked.catch(() => {
      if (this.#known === asked) this.#known = undefined;
    });
    return asked;
  }

  async #ask(): Promise<Known> {
    const [{ id, publicKey, validUntil }, { tenant }] = await Promise.all([
      this.#connection.ask(sealingKeyView, '/v1/sealing-key'),
      this.#connection.ask(infoView, '/v1/info'),
    ]);
    this.#validUntil = Date.parse(validUntil);
    return { key: { id, publicKey: bytesOf(publicKey) }, tenant };
  }
}

const sealWith =
  ({ key, tenant }: Known): Seal =>
  async (preimage, job) =>
    base64Of(sealedBytes(await seal(key, preimage, { tenant, ...job })));

/** Browsers have it on pages of HTTPS and of localhost only. */
function expectCryptography(): void {
  if (globalThis.crypto?.subtle) return;
  throw new NightshiftError(
    'CANNOT_SEAL',
    'Nothing can be sealed on this page, since it came by plain HTTP. Serve it by HTTPS, or, if the way to Nightshift is safe, give the client the option seal: false.',
  );
}

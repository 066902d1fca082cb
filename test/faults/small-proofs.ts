/** Proofs that take milliseconds, asked for by the real client: what faults are to hit. */
import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { Nightshift, type Proof } from '../../client/index.ts';
import { irFile } from '../generator/circuits.ts';
import { generateRequest } from '../generator/generate.ts';
import { statementOf } from '../generator/native-prover.ts';
import type { ProofRequest } from '../generator/proof-request.ts';

const CIRCUIT = 'fallible/count';

export type Proved = Proof & { request: ProofRequest };

export class SmallProofs {
  readonly nightshift: Nightshift;
  readonly #contract: string;

  private constructor(nightshift: Nightshift, contract: string) {
    this.nightshift = nightshift;
    this.#contract = contract;
  }

  /** Has the circuit's keys made there. @param url of the deployment. */
  static async at(url: string): Promise<SmallProofs> {
    const nightshift = new Nightshift({ url });
    const zkir = await readFile(irFile(CIRCUIT), 'utf8');
    const { id } = await nightshift.push({ circuits: { count: { zkir } } });
    return new SmallProofs(nightshift, id);
  }

  /** What goes with every request. */
  form({ preimage, bindingInput }: ProofRequest) {
    return { circuit: 'count', contract: this.#contract, preimage, bindingInput };
  }

  /** The same deployment at another address. */
  seenAt(url: string): SmallProofs {
    return new SmallProofs(new Nightshift({ url }), this.#contract);
  }

  /** A fresh request that takes one of the smallest proofs. */
  request = (): Promise<ProofRequest> => generateRequest(CIRCUIT);

  /** Waits for the proof of a fresh request. */
  async prove(labels?: Record<string, string>): Promise<Proved> {
    const request = await this.request();
    return { request, ...(await this.nightshift.prove({ ...this.form(request), labels })) };
  }

  /** Expects them to be what was asked for. */
  async expectProofs(proved: Pick<Proved, 'request' | 'proof'>[]): Promise<void> {
    const claims = proved.map(async ({ request, proof }) => {
      const statement = await statementOf(request, irFile(CIRCUIT));
      return { circuit: 'count', contract: this.#contract, proof, statement };
    });
    expect(await this.nightshift.verify(await Promise.all(claims))).toMatchObject({ valid: true });
  }
}

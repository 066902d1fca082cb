/** Proofs that take milliseconds, asked for by the real client: what faults are to hit. */
import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { z } from 'zod';
import { Nightshift, type Proof } from '../../client/index.ts';
import { irFile, isBuiltIn } from '../generator/circuits.ts';
import { generateRequest } from '../generator/generate.ts';
import { statementOf } from '../generator/native-prover.ts';
import type { ProofRequest } from '../generator/proof-request.ts';

const CIRCUIT = 'fallible/count';

export type Proved = Proof & { request: ProofRequest };

const ready = z.object({ jobsPending: z.int(), jobsProcessing: z.int() });

export class SmallProofs {
  readonly nightshift: Nightshift;
  readonly #url: string;
  readonly #contract: string;

  private constructor(url: string, contract: string) {
    this.nightshift = new Nightshift({ url });
    this.#url = url;
    this.#contract = contract;
  }

  /** Has the circuit's keys made there. @param url of the deployment. */
  static async at(url: string): Promise<SmallProofs> {
    const zkir = await readFile(irFile(CIRCUIT), 'utf8');
    const { id } = await new Nightshift({ url }).push({ circuits: { count: { zkir } } });
    return new SmallProofs(url, id);
  }

  /** What goes with every request. */
  form({ keyLocation, preimage, bindingInput }: ProofRequest) {
    return { ...this.#reference(keyLocation), preimage, bindingInput };
  }

  /** The circuit as requests and claims name it. */
  #reference(circuit: string) {
    return { circuit, ...(isBuiltIn(circuit) ? {} : { contract: this.#contract }) };
  }

  /** The same deployment at another address. */
  seenAt(url: string): SmallProofs {
    return new SmallProofs(url, this.#contract);
  }

  /** A fresh request that takes one of the smallest proofs. */
  request = (): Promise<ProofRequest> => generateRequest(CIRCUIT);

  /** Waits for the proof of a fresh request. */
  async prove(labels?: Record<string, string>): Promise<Proved> {
    const request = await this.request();
    return { request, ...(await this.nightshift.prove({ ...this.form(request), labels })) };
  }

  /** What the deployment says of its jobs. */
  async occupancy(): Promise<{ pending: number; processing: number }> {
    const { jobsPending, jobsProcessing } = ready.parse(await (await fetch(`${this.#url}/ready`)).json());
    return { pending: jobsPending, processing: jobsProcessing };
  }

  /** Expects them to be what was asked for: of the circuit, or of a built-in one. */
  async expectProofs(proved: Pick<Proved, 'request' | 'proof'>[]): Promise<void> {
    const claims = proved.map(async ({ request, proof }) => {
      const { keyLocation } = request;
      const statement = await statementOf(request, irFile(isBuiltIn(keyLocation) ? keyLocation : CIRCUIT));
      return { ...this.#reference(keyLocation), proof, statement };
    });
    expect(await this.nightshift.verify(await Promise.all(claims))).toMatchObject({ valid: true });
  }
}

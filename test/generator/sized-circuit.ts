/** A circuit of any size, which nobody has compiled: a chain of hashes from a hidden input to a public value. */
import { type AlignedValue, transientHash } from '@midnight-ntwrk/ledger-v8';
import { preimageOf } from './calls/contract-call.ts';
import { operand } from './calls/operations.ts';
import { stateOf } from './calls/state-values.ts';
import { fresh, type Random } from './random.ts';
import { EMPTY, fieldElement } from './values.ts';

export const SMALLEST_K = 6;
const NAME = 'sized';

/** A hash takes some 22 rows of 2^k: with so many of them, the circuit fits in k, and not in k - 1. Tried for k = 6…19. */
const hashesFor = (k: number): number => 2 ** (k - 5) - 1;

export interface SizedCircuit {
  /** ZKIR as JSON. */
  zkir: Uint8Array;
  /** Tagged; it satisfies the circuit. */
  preimage: Uint8Array;
}

/** A circuit of exactly this k, and a preimage that differs from every other one. */
export function sizedCircuit(k: number, random: Random = fresh): SizedCircuit {
  if (k < SMALLEST_K) throw new Error(`The smallest circuit has k=${SMALLEST_K}.`);
  const hashes = hashesFor(k);
  const input = fieldElement(random(31));
  const result = Array.from({ length: hashes }).reduce<AlignedValue>(hash, input);
  const call = { contract: NAME, circuit: NAME, input, output: EMPTY, witnesses: [], state: stateOf() };
  return {
    zkir: Buffer.from(JSON.stringify(chainOf(hashes))),
    preimage: preimageOf({ ...call, program: [operand(result)] }),
  };
}

const hash = ({ value, alignment }: AlignedValue): AlignedValue => ({
  value: transientHash(alignment, value),
  alignment,
});

/** The input is cell 0, and each instruction but the last six fills the next cell. */
function chainOf(hashes: number) {
  const [one, push, fieldType] = [1, 2, 3];
  const chain = Array.from({ length: hashes }, (_, n) => ({ op: 'transient_hash', inputs: [n === 0 ? 0 : n + 3] }));
  const result = hashes + 3;
  return {
    version: { major: 2, minor: 0 },
    do_communications_commitment: true,
    num_inputs: 1,
    instructions: [
      { op: 'load_imm', imm: '01' },
      { op: 'load_imm', imm: '10' },
      { op: 'load_imm', imm: '-02' },
      ...chain,
      // What the operation that pushes one field element looks like to a circuit.
      ...[push, one, one, fieldType, result].map((cell) => ({ op: 'declare_pub_input', var: cell })),
      { op: 'pi_skip', guard: one, count: 5 },
    ],
  };
}

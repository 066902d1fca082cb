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
  const last = Array.from({ length: hashes }).reduce<AlignedValue>(hash, input);
  const call = { contract: NAME, circuit: NAME, input, output: EMPTY, witnesses: [], state: stateOf() };
  return {
    zkir: Buffer.from(JSON.stringify(chainOf(hashes))),
    preimage: preimageOf({ ...call, program: [operand(last), 'pop'] }),
  };
}

const hash = ({ value, alignment }: AlignedValue): AlignedValue => ({
  value: transientHash(alignment, value),
  alignment,
});

/** The input is cell 0; each constant and each hash fills the next cell. */
function chainOf(hashes: number) {
  const [one, push, pop, field] = [1, 2, 3, 4];
  const constants = ['01', '10', '0B', '-02'].map((imm) => ({ op: 'load_imm', imm }));
  const before = constants.length;
  const chain = Array.from({ length: hashes }, (_, n) => ({
    op: 'transient_hash',
    inputs: [n === 0 ? 0 : before + n],
  }));
  const last = before + hashes;
  return {
    version: { major: 2, minor: 0 },
    do_communications_commitment: true,
    num_inputs: 1,
    instructions: [...constants, ...chain, ...operation(one, [push, one, one, field, last]), ...operation(one, [pop])],
  };
}

/** What an operation on the ledger is to a circuit: public inputs, which count if the guard is one. */
const operation = (guard: number, cells: number[]) => [
  ...cells.map((cell) => ({ op: 'declare_pub_input', var: cell })),
  { op: 'pi_skip', guard, count: cells.length },
];

/**
 * A call of the contract's circuit `count`, which counts an attempt, and once only a success:
 *
 *     attempts.increment(1);
 *     kernel.checkpoint();
 *     assert(!succeeded, "It has succeeded before");
 *     succeeded = true;
 *     successes.increment(1);
 *
 * In a dApp this is what the code does that the Compact compiler writes beside `zkir/`. Here it is written out, so that the
 * examples need no compiler.
 */
import { type AlignedValue, type Op, proofDataIntoSerializedPreimage } from '@midnight-ntwrk/ledger-v8';

const EMPTY: AlignedValue = { value: [], alignment: [] };

/** A number below 256, in the form that contracts exchange values in: without trailing zeros. */
const byte = (value: number): AlignedValue => ({
  value: [value === 0 ? Uint8Array.of() : Uint8Array.of(value)],
  alignment: [{ tag: 'atom', value: { tag: 'bytes', length: 1 } }],
});
const [FALSE, TRUE] = [byte(0), byte(1)];

type Operation = Op<AlignedValue>;

const enter = (field: AlignedValue, pushPath: boolean): Operation => ({
  idx: { cached: false, pushPath, path: [{ tag: 'value', value: field }] },
});
const push = (value: AlignedValue, storage: boolean): Operation => ({
  push: { storage, value: { tag: 'cell', content: value } },
});

const increment = (field: AlignedValue): Operation[] => [
  enter(field, true),
  { addi: { immediate: 1 } },
  { ins: { cached: true, n: 1 } },
];
const read = (field: AlignedValue, result: AlignedValue): Operation[] => [
  { dup: { n: 0 } },
  enter(field, false),
  { popeq: { cached: false, result } },
];
const write = (field: AlignedValue, value: AlignedValue): Operation[] => [
  push(field, false),
  push(value, true),
  { ins: { cached: false, n: 1 } },
];

/** The fields of the contract's ledger. */
const [ATTEMPTS, SUCCEEDED, SUCCESSES] = [byte(0), byte(1), byte(2)];

/** @returns the proof preimage of a call that succeeds, tagged. */
export function countPreimage(): Uint8Array {
  const transcript: Operation[] = [
    ...increment(ATTEMPTS),
    'ckpt',
    ...read(SUCCEEDED, FALSE),
    ...write(SUCCEEDED, TRUE),
    ...increment(SUCCESSES),
  ];
  return proofDataIntoSerializedPreimage(EMPTY, EMPTY, transcript, [], 'count');
}

/** What binds a proof to its transaction: a number that never comes again, for calls that are in none. */
export function freshBinding(): bigint {
  const bytes = crypto.getRandomValues(new Uint8Array(31));
  return BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`);
}

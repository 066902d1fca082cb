/** The on-chain VM operations that programs are made of. */
import type { AlignedValue, EncodedStateValue, Key, Op } from '@midnight-ntwrk/ledger-v8';
import { uint } from '../values.ts';
import { cell } from './state-values.ts';

type Operation = Op<null>;
export type Program = Operation[];

/** The key of a ledger field, or of an entry of the call's effects. */
export const field = (index: number): AlignedValue => uint(1, index);

const TOP_OF_STACK: Key = { tag: 'stack' };
const at = (key: AlignedValue): Key => ({ tag: 'value', value: key });

/** Descends into an entry, and keeps the way there for `insert`. */
export const enter = (key: AlignedValue, cached = false): Operation => ({
  idx: { cached, pushPath: true, path: [at(key)] },
});

export const read = (key: AlignedValue, cached = false): Operation => ({
  idx: { cached, pushPath: false, path: [at(key)] },
});

/** Reads, from this call's effects, the entry named on top of the stack. */
export const readNamed: Operation = { idx: { cached: true, pushPath: false, path: [TOP_OF_STACK] } };

/** Puts a value on the stack that will not be stored as it is: an operand or a key. */
export const operand = (value: AlignedValue): Operation => ({ push: { storage: false, value: cell(value) } });

/** Puts a value on the stack that is about to be stored. */
export const stored = (value: EncodedStateValue): Operation => ({ push: { storage: true, value } });

/** Writes back `levels` entries that `enter` descended into. */
export const insert = (levels: number, cached = true): Operation => ({ ins: { cached, n: levels } });

export const dup = (n: number): Operation => ({ dup: { n } });
export const swap: Operation = { swap: { n: 0 } };

/** Gives what is on top of the stack to the circuit. */
export const result = (cached = false): Operation => ({ popeq: { cached, result: null } });

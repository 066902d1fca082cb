/** The on-chain VM operations that transcripts are made of. */
import type { AlignedValue, Key, Op } from '@midnight-ntwrk/compact-runtime';
import { uint } from '../values.ts';

export type Program = Op<AlignedValue>[];
type Operation = Op<AlignedValue>;

/** The key of a ledger field, or of an entry of the call's effects. */
export const field = (index: number): AlignedValue => uint(1, index);

const TOP_OF_STACK: Key = { tag: 'stack' };
const at = (key: AlignedValue): Key => ({ tag: 'value', value: key });

/** Descends into an entry, and keeps the way there for `insert`. */
export const enter = (key: AlignedValue, cached = false): Operation => ({
  idx: { cached, pushPath: true, path: [at(key)] },
});

export const read = (key: AlignedValue): Operation => ({ idx: { cached: false, pushPath: false, path: [at(key)] } });

/** Reads, from this call's effects, the entry named on top of the stack. */
export const readNamed: Operation = { idx: { cached: true, pushPath: false, path: [TOP_OF_STACK] } };

/** Puts a value on the stack that will not be stored as it is: an operand or a key. */
export const operand = (content: AlignedValue): Operation => ({
  push: { storage: false, value: { tag: 'cell', content } },
});

/** Puts a value on the stack that is about to be stored. */
export const stored = (content: AlignedValue): Operation => ({
  push: { storage: true, value: { tag: 'cell', content } },
});

export const storedNull: Operation = { push: { storage: true, value: { tag: 'null' } } };

/** Writes back `levels` entries that `enter` descended into. */
export const insert = (levels: number, cached = true): Operation => ({ ins: { cached, n: levels } });

export const dup = (n: number): Operation => ({ dup: { n } });
export const swap: Operation = { swap: { n: 0 } };

/** What the program read, as the circuit saw it. */
export const expect = (result: AlignedValue): Operation => ({ popeq: { cached: false, result } });

/** Adds one to the counter in an entry. */
export const increment = (key: AlignedValue): Program => [enter(key), { addi: { immediate: 1 } }, insert(1)];

/** The operations of Compact's ledger types, each on the ledger field `at`. */
import { type AlignedValue, type EncodedStateValue, leafHash } from '@midnight-ntwrk/ledger-v8';
import { dup, enter, field, insert, operand, type Program, read, result, stored } from './operations.ts';
import { cell, NULL } from './state-values.ts';

export const readCell = (at: AlignedValue): Program => [dup(0), read(at), result()];
export const write = (at: AlignedValue, value: EncodedStateValue): Program => [
  operand(at),
  stored(value),
  insert(1, false),
];

export const readCounter = (at: AlignedValue): Program => [dup(0), read(at), result(true)];
export const isCounterBelow = (at: AlignedValue, bound: AlignedValue): Program => [
  dup(0),
  read(at),
  operand(bound),
  'lt',
  result(true),
];
export const increment = (at: AlignedValue): Program => [enter(at), { addi: { immediate: 1 } }, insert(1)];

export const isMember = (at: AlignedValue, value: AlignedValue): Program => [
  dup(0),
  read(at),
  operand(value),
  'member',
  result(true),
];
export const addMember = (at: AlignedValue, value: AlignedValue): Program => [
  enter(at),
  operand(value),
  stored(NULL),
  insert(1, false),
  insert(1),
];

const [TREE, NEXT_FREE, ROOTS] = [field(0), field(1), field(2)];

/** Within a Merkle tree: appends a leaf. */
const append = (leaf: AlignedValue): Program => [
  enter(TREE),
  dup(2),
  read(NEXT_FREE),
  stored(cell(leafHash(leaf))),
  insert(1, false),
  insert(1),
  enter(NEXT_FREE),
  { addi: { immediate: 1 } },
];

export const insertLeaf = (at: AlignedValue, leaf: AlignedValue): Program => [enter(at), ...append(leaf), insert(2)];
export const isRoot = (at: AlignedValue, root: AlignedValue): Program => [
  dup(0),
  read(at),
  read(TREE),
  'root',
  operand(root),
  'eq',
  result(true),
];

/** Appends a leaf to a historic Merkle tree, and keeps the new root. */
export const insertHistoricLeaf = (at: AlignedValue, leaf: AlignedValue): Program => [
  enter(at),
  ...append(leaf),
  insert(1),
  enter(ROOTS),
  dup(2),
  read(TREE),
  'root',
  stored(NULL),
  insert(1, false),
  insert(2),
];
export const wasRoot = (at: AlignedValue, root: AlignedValue): Program => [
  dup(0),
  read(at),
  read(ROOTS),
  operand(root),
  'member',
  result(true),
];

/** count() of the contract `fallible`: k=6, no arguments; counts, and sets a flag that must not have been set. */
import { StateValue } from '@midnight-ntwrk/ledger-v8';
import { EMPTY, uint } from '../values.ts';
import type { ContractCall } from './contract-call.ts';
import { dup, expect, field, increment, insert, operand, type Program, read, stored } from './operations.ts';

const FALSE = uint(1, 0);
const TRUE = uint(1, 1);

const program: Program = [
  ...increment(field(0)),
  'ckpt',
  dup(0),
  read(field(1)),
  expect(FALSE),
  operand(field(1)),
  stored(TRUE),
  insert(1, false),
  ...increment(field(2)),
];

const state = () =>
  StateValue.newArray()
    .arrayPush(StateValue.newCell(uint(8, 0)))
    .arrayPush(StateValue.newCell(FALSE))
    .arrayPush(StateValue.newCell(uint(8, 0)));

/** The same each time: it has nothing to choose. */
export const fallibleCount = (): ContractCall => ({
  contract: 'fallible',
  circuit: 'count',
  input: EMPTY,
  program,
  state: state(),
});

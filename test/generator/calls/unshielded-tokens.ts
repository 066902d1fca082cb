/** What the on-chain VM knows of unshielded tokens: how many the contract holds, and what a call takes in or gives away. */
import type { AlignedValue } from '@midnight-ntwrk/ledger-v8';
import { bytes, TRUE, tuple, uint } from '../values.ts';
import { dup, enter, field, insert, operand, type Program, read, readNamed, result, swap } from './operations.ts';

/** In the context of a call. */
const BALANCE = field(5);
/** In the effects of a call. */
const [INPUTS, OUTPUTS, CLAIMED_SPENDS] = [field(6), field(7), field(8)];

/** The type of an unshielded token, of 32 bytes `color`. */
const tokenType = (color: AlignedValue) => tuple(TRUE, color, bytes(32, new Uint8Array()));

const amountOf = (amount: bigint) => uint(16, amount);

/** Adds to an entry of the effects; the branch skips the addition where the entry is new. */
const addTo = (effect: AlignedValue, key: AlignedValue, amount: bigint): Program => [
  swap,
  enter(effect, true),
  operand(key),
  dup(1),
  dup(1),
  'member',
  operand(amountOf(amount)),
  swap,
  'neg',
  { branch: { skip: 4 } },
  dup(2),
  dup(2),
  readNamed,
  'add',
  insert(2),
  swap,
];

export const receive = (color: AlignedValue, amount: bigint): Program => addTo(INPUTS, tokenType(color), amount);

/** @param recipient an `Either<ContractAddress, UserAddress>`. */
export const send = (color: AlignedValue, amount: bigint, recipient: AlignedValue): Program => [
  ...addTo(OUTPUTS, tokenType(color), amount),
  ...addTo(CLAIMED_SPENDS, tuple(tokenType(color), recipient), amount),
];

/** Puts the balance on top of the stack; the branches are for a token that the contract never held. */
const balanceOf = (color: AlignedValue): Program => [
  dup(2),
  read(BALANCE, true),
  dup(0),
  operand(tokenType(color)),
  'member',
  { branch: { skip: 3 } },
  'pop',
  operand(amountOf(0n)),
  { jmp: { skip: 1 } },
  read(tokenType(color), true),
];

export const readBalance = (color: AlignedValue): Program => [...balanceOf(color), result(true)];
export const isBalanceBelow = (color: AlignedValue, amount: bigint): Program => [
  ...balanceOf(color),
  operand(amountOf(amount)),
  'lt',
  result(true),
];

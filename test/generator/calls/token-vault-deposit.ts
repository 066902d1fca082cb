/** depositUnshielded(color, amount) of the contract `token-vault`: k=9; takes in tokens, and counts the deposit. */
import { StateValue } from '@midnight-ntwrk/ledger-v8';
import { fresh, positive, type Random } from '../random.ts';
import { bytes, tuple, uint } from '../values.ts';
import type { ContractCall } from './contract-call.ts';
import { dup, enter, field, increment, insert, operand, type Program, readNamed, swap } from './operations.ts';

/** In the effects of a call: the unshielded tokens that it takes in. */
const UNSHIELDED_INPUTS = field(6);
/** In the contract's ledger. */
const DEPOSITS = field(6);
const FIELDS = 7;

/** Adds `amount` to what this call takes in of a token; the branch skips the addition where it is the first. */
const receive = (token: ReturnType<typeof bytes>, amount: bigint): Program => [
  swap,
  enter(UNSHIELDED_INPUTS, true),
  operand(token),
  dup(1),
  dup(1),
  'member',
  operand(uint(16, amount)),
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

const state = () => {
  let fields = StateValue.newArray();
  for (let index = 0; index < FIELDS; index++) fields = fields.arrayPush(StateValue.newCell(uint(8, 0)));
  return fields;
};

/** Of 32 bytes `color` and an `amount` from 1 to 2^64: random ones where none are given. */
export function tokenVaultDeposit(
  random: Random = fresh,
  { color = random(32), amount = positive(random, 8) } = {},
): ContractCall {
  const unshielded = tuple(uint(1, 1), bytes(32, color), bytes(32, new Uint8Array()));
  return {
    contract: 'token-vault',
    circuit: 'depositUnshielded',
    input: tuple(bytes(32, color), uint(16, amount)),
    program: [...receive(unshielded, amount), ...increment(DEPOSITS)],
    state: state(),
  };
}

/** The contract `token-vault`, which keeps tokens and counts what is done with them. */
import type { StateValue } from '@midnight-ntwrk/ledger-v8';
import { bytes, FALSE, tuple, uint } from '../values.ts';
import { field } from './operations.ts';
import { cell, EMPTY_SET, stateOf, ZERO } from './state-values.ts';

export const CONTRACT = 'token-vault';

/** In the contract's ledger. */
export const FIELD = {
  shielded: field(0),
  hasShielded: field(1),
  owner: field(2),
  authorized: field(3),
  deposits: field(6),
  withdrawals: field(7),
};

const NO_COIN = tuple(...[32, 32, 16, 8].map((length) => uint(length, 0)));

/** Nobody but the owner is authorized. */
export const vault = ({
  owner = bytes(32, new Uint8Array()),
  shielded = NO_COIN,
  hasShielded = FALSE,
} = {}): StateValue => stateOf(cell(shielded), cell(hasShielded), cell(owner), EMPTY_SET, ZERO, ZERO, ZERO, ZERO);

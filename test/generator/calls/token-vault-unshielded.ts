/** What is done with the unshielded tokens of `token-vault`. A token's color is 32 bytes. */
import type { TokenType } from '@midnight-ntwrk/ledger-v8';
import { fresh, hex, positive, type Random } from '../random.ts';
import { bytes, commitment, EMPTY, FALSE, pad, tuple, uint } from '../values.ts';
import type { ContractCall } from './contract-call.ts';
import { increment, isMember, readCell } from './ledger-types.ts';
import { CONTRACT, FIELD, vault } from './token-vault.ts';
import { isBalanceBelow, readBalance, receive, send } from './unshielded-tokens.ts';

/** Of a token, an amount from 1 to 2^64. */
const anyTokens = (random: Random) => ({ color: random(32), amount: positive(random, 8) });

const holding = ({ color, amount }: ReturnType<typeof anyTokens>): Map<TokenType, bigint> =>
  new Map([[{ tag: 'unshielded', raw: hex(color) }, amount]]);

/** depositUnshielded(color, amount): k=9; takes tokens in, random ones where none are given. */
export function tokenVaultDeposit(random: Random = fresh, { color, amount } = anyTokens(random)): ContractCall {
  const token = bytes(32, color);
  return {
    contract: CONTRACT,
    circuit: 'depositUnshielded',
    input: tuple(token, uint(16, amount)),
    output: EMPTY,
    witnesses: [],
    program: [...receive(token, amount), ...increment(FIELD.deposits)],
    state: vault(),
  };
}

/** withdrawUnshielded(color, amount, recipient): k=13; the owner sends half of the tokens to a user. */
export function tokenVaultWithdraw(random: Random = fresh): ContractCall {
  const tokens = anyTokens(random);
  const [token, amount] = [bytes(32, tokens.color), (tokens.amount + 1n) / 2n];
  const [secretKey, user] = [bytes(32, random(32)), random(32)];
  const owner = commitment(pad(14, 'token:vault:pk'), secretKey);
  const recipient = tuple(FALSE, bytes(32, new Uint8Array()), bytes(32, user));
  return {
    contract: CONTRACT,
    circuit: 'withdrawUnshielded',
    input: tuple(token, uint(16, amount), recipient),
    output: EMPTY,
    witnesses: [secretKey],
    program: [
      ...isMember(FIELD.authorized, owner),
      ...readCell(FIELD.owner),
      ...isBalanceBelow(token, amount),
      ...send(token, amount, recipient),
      ...increment(FIELD.withdrawals),
    ],
    state: vault({ owner }),
    balance: holding(tokens),
    payments: [{ value: amount, owner: hex(user), type: hex(tokens.color) }],
  };
}

/** getUnshieldedBalance(color): k=9. */
export function tokenVaultUnshieldedBalance(random: Random = fresh): ContractCall {
  const tokens = anyTokens(random);
  const token = bytes(32, tokens.color);
  return {
    contract: CONTRACT,
    circuit: 'getUnshieldedBalance',
    input: token,
    output: uint(16, tokens.amount),
    witnesses: [],
    program: readBalance(token),
    state: vault(),
    balance: holding(tokens),
  };
}

/** What is done with the shielded tokens of `token-vault`. */
import { fresh, positive, type Random } from '../random.ts';
import { bytes, EMPTY, TRUE, tuple, uint } from '../values.ts';
import type { ContractCall } from './contract-call.ts';
import { readCell } from './ledger-types.ts';
import { CONTRACT, FIELD, vault } from './token-vault.ts';

const CALL = { contract: CONTRACT, circuit: 'getShieldedBalance', input: EMPTY, witnesses: [] };

/** getShieldedBalance(): k=7; of a vault that holds a coin. */
export function tokenVaultShieldedBalance(random: Random = fresh): ContractCall {
  const amount = uint(16, positive(random, 8));
  const [nonce, color, treeIndex] = [bytes(32, random(32)), bytes(32, random(32)), uint(8, positive(random, 4))];
  return {
    ...CALL,
    output: amount,
    program: [...readCell(FIELD.hasShielded), ...readCell(FIELD.shielded)],
    state: vault({ shielded: tuple(nonce, color, amount, treeIndex), hasShielded: TRUE }),
  };
}

/** The same of a vault that holds none: always the same call. */
export const tokenVaultNoShieldedBalance = (): ContractCall => ({
  ...CALL,
  output: uint(16, 0),
  program: readCell(FIELD.hasShielded),
  state: vault(),
});

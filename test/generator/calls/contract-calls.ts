/** A call of every example contract's circuit with k up to 14. */
import type { Random } from '../random.ts';
import { composableGet, composableSet } from './composable-inner.ts';
import type { ContractCall } from './contract-call.ts';
import { fallibleCount } from './fallible-count.ts';
import { microDaoAdvance, microDaoSetTopic } from './micro-dao-organizer.ts';
import { microDaoVoteCommit, microDaoVoteReveal } from './micro-dao-voter.ts';
import { merkleTreeCheck, merkleTreeStore } from './simple-merkle-tree.ts';
import { tokenVaultShieldedBalance } from './token-vault-shielded.ts';
import { tokenVaultDeposit, tokenVaultUnshieldedBalance, tokenVaultWithdraw } from './token-vault-unshielded.ts';

type MakeCall = (random?: Random) => ContractCall;

/** By contract and circuit; in the order of their size. */
export const contractCalls = {
  'fallible/count': fallibleCount,
  'composable-inner/get': composableGet,
  'token-vault/getShieldedBalance': tokenVaultShieldedBalance,
  'token-vault/depositUnshielded': tokenVaultDeposit,
  'token-vault/getUnshieldedBalance': tokenVaultUnshieldedBalance,
  'composable-inner/set': composableSet,
  'simple-merkle-tree/store': merkleTreeStore,
  'simple-merkle-tree/check': merkleTreeCheck,
  'micro-dao/setTopic': microDaoSetTopic,
  'micro-dao/advance': microDaoAdvance,
  'token-vault/withdrawUnshielded': tokenVaultWithdraw,
  'micro-dao/voteCommit': microDaoVoteCommit,
  'micro-dao/voteReveal': microDaoVoteReveal,
} satisfies Record<string, MakeCall>;

export type ContractCircuit = keyof typeof contractCalls;
export const CONTRACT_CIRCUITS = Object.keys(contractCalls) as ContractCircuit[];

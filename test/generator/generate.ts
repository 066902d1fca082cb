/** Fresh requests and transactions that can be proven, by circuit. */
import { readFile } from 'node:fs/promises';
import { requestOf } from './calls/contract-call.ts';
import { CONTRACT_CIRCUITS, type ContractCircuit, contractCalls } from './calls/contract-calls.ts';
import { unprovenCall } from './calls/unproven-call.ts';
import { unprovenDustSpend } from './dust-spend.ts';
import { verifierFile } from './keys.ts';
import type { ProofRequest } from './proof-request.ts';
import { fresh, type Random } from './random.ts';
import { requestIn, type Unproven } from './unproven.ts';
import { unprovenZswapOutput } from './zswap-output.ts';

const TRANSACTIONS = {
  'midnight/dust/spend': unprovenDustSpend,
  'midnight/zswap/output': unprovenZswapOutput,
};

export type Circuit = ContractCircuit | keyof typeof TRANSACTIONS;

/** In the order of their size. */
export const CIRCUITS = [...CONTRACT_CIRCUITS, ...Object.keys(TRANSACTIONS)] as Circuit[];

/** One of each size, and of each kind. */
export const SAMPLE: readonly Circuit[] = [
  'fallible/count',
  'token-vault/depositUnshielded',
  'simple-merkle-tree/store',
  'midnight/dust/spend',
  'midnight/zswap/output',
];

const isContractCircuit = (circuit: Circuit): circuit is ContractCircuit => circuit in contractCalls;

/**
 * A request that differs from every other one. With a seeded `random` the requests of contract circuits repeat exactly;
 * the ledger package adds randomness of its own to a zswap output, and to the binding input of a dust spend.
 */
export const generateRequest = async (circuit: Circuit, random: Random = fresh): Promise<ProofRequest> =>
  isContractCircuit(circuit)
    ? requestOf(contractCalls[circuit](random), random)
    : requestIn(TRANSACTIONS[circuit](random));

/** A transaction that needs one proof, of that circuit. It never repeats: the ledger package draws its binding. */
export const generateTransaction = async (circuit: Circuit, random: Random = fresh): Promise<Unproven> =>
  isContractCircuit(circuit)
    ? unprovenCall(contractCalls[circuit](random), await readFile(await verifierFile(circuit)))
    : TRANSACTIONS[circuit](random);

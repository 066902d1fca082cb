/** The contract `simple-merkle-tree`, which keeps 32-bit numbers in a historic Merkle tree. Both circuits have k=13. */
import type { AlignedValue } from '@midnight-ntwrk/ledger-v8';
import { fresh, type Random } from '../random.ts';
import { EMPTY, uint } from '../values.ts';
import type { ContractCall } from './contract-call.ts';
import { stateAfter } from './execution.ts';
import { insertHistoricLeaf, wasRoot } from './ledger-types.ts';
import { pathTo } from './merkle-path.ts';
import { field } from './operations.ts';
import { EMPTY_HISTORIC_MERKLE_TREE, stateOf } from './state-values.ts';

const TREE = 0;
const store = (leaf: AlignedValue) => insertHistoricLeaf(field(TREE), leaf);
const EMPTY_TREE = stateOf(EMPTY_HISTORIC_MERKLE_TREE);

const anyLeaf = (random: Random) => uint(4, Buffer.from(random(4)).readUInt32LE());

/** store(leaf): appends a leaf, a random one where none is given, and keeps the new root. */
export const merkleTreeStore = (random: Random = fresh, leaf = anyLeaf(random)): ContractCall => ({
  contract: 'simple-merkle-tree',
  circuit: 'store',
  input: leaf,
  output: EMPTY,
  witnesses: [],
  program: store(leaf),
  state: EMPTY_TREE,
});

/** check(leaf): shows that a leaf is in the tree. */
export function merkleTreeCheck(random: Random = fresh): ContractCall {
  const [before, leaf, after] = [anyLeaf(random), anyLeaf(random), anyLeaf(random)];
  const state = stateAfter(EMPTY_TREE, store(before), store(leaf), store(after));
  const { path, root } = pathTo(leaf, state, TREE);
  return {
    contract: 'simple-merkle-tree',
    circuit: 'check',
    input: leaf,
    output: EMPTY,
    witnesses: [path],
    program: wasRoot(field(TREE), root),
    state,
  };
}

/** Where a leaf is in a Merkle tree of a contract. */
import type { AlignedValue, StateValue } from '@midnight-ntwrk/ledger-v8';

/** The `MerkleTreePath` that a witness function answers, and the root that it leads to. */
export function pathTo(
  leaf: AlignedValue,
  state: StateValue,
  field: number,
): { path: AlignedValue; root: AlignedValue } {
  const tree = state.asArray()?.[field]?.asArray()?.[0]?.asBoundedMerkleTree()?.rehash();
  const [path, root] = [tree?.findPathForLeaf(leaf), tree?.root()];
  if (!path || !root) throw new Error('There is no such leaf.');
  return { path, root };
}

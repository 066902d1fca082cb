/** What a contract's state is made of. */
import {
  type AlignedValue,
  type EncodedStateValue,
  StateBoundedMerkleTree,
  StateValue,
} from '@midnight-ntwrk/ledger-v8';
import { uint } from '../values.ts';

const MERKLE_TREE_HEIGHT = 10;

export const cell = (content: AlignedValue): EncodedStateValue => ({ tag: 'cell', content });
const array = (...content: EncodedStateValue[]): EncodedStateValue => ({ tag: 'array', content });

/** What a set holds for each of its members. */
export const NULL: EncodedStateValue = { tag: 'null' };
export const EMPTY_SET: EncodedStateValue = { tag: 'map', content: new Map() };
export const ZERO = cell(uint(8, 0));

const EMPTY_TREE = StateValue.newBoundedMerkleTree(new StateBoundedMerkleTree(MERKLE_TREE_HEIGHT)).encode();
/** The tree, and the index of its next leaf. */
export const EMPTY_MERKLE_TREE = array(EMPTY_TREE, ZERO);
/** The same, and all roots that the tree had. */
export const EMPTY_HISTORIC_MERKLE_TREE = array(EMPTY_TREE, ZERO, EMPTY_SET);

/** The state of a contract with these ledger fields. */
export const stateOf = (...fields: EncodedStateValue[]): StateValue => StateValue.decode(array(...fields));

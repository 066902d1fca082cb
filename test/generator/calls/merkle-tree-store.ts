/** store(leaf) of the contract `simple-merkle-tree`: k=13; appends a leaf and keeps the new root. */
import { leafHash, StateBoundedMerkleTree, StateMap, StateValue } from '@midnight-ntwrk/ledger-v8';
import { fresh, type Random } from '../random.ts';
import { uint } from '../values.ts';
import type { ContractCall } from './contract-call.ts';
import { dup, enter, field, increment, insert, type Program, read, stored, storedNull } from './operations.ts';

const TREE = field(0);
const NEXT_FREE = field(1);
const ROOTS = field(2);
const HEIGHT = 10;

const program = (leaf: ReturnType<typeof uint>): Program => [
  enter(field(0)),
  enter(TREE),
  dup(2),
  read(NEXT_FREE),
  stored(leafHash(leaf)),
  insert(1, false),
  insert(1),
  ...increment(NEXT_FREE),
  enter(ROOTS),
  dup(2),
  read(TREE),
  'root',
  storedNull,
  insert(1, false),
  insert(2),
];

const state = () => {
  const tree = StateValue.newArray()
    .arrayPush(StateValue.newBoundedMerkleTree(new StateBoundedMerkleTree(HEIGHT)))
    .arrayPush(StateValue.newCell(uint(8, 0)))
    .arrayPush(StateValue.newMap(new StateMap()));
  return StateValue.newArray().arrayPush(tree);
};

/** Of a 32-bit `leaf`, a random one where none is given. */
export function merkleTreeStore(random: Random = fresh, leaf = Buffer.from(random(4)).readUInt32LE()): ContractCall {
  const value = uint(4, leaf);
  return { contract: 'simple-merkle-tree', circuit: 'store', input: value, program: program(value), state: state() };
}

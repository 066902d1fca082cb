/** What a member of `micro-dao` does. Both circuits have k=14. */
import type { AlignedValue } from '@midnight-ntwrk/ledger-v8';
import { fresh, positive, type Random } from '../random.ts';
import { boolean, bytes, EMPTY, TRUE, tuple, uint } from '../values.ts';
import type { ContractCall } from './contract-call.ts';
import { stateAfter } from './execution.ts';
import {
  addMember,
  increment,
  insertHistoricLeaf,
  insertLeaf,
  isMember,
  isRoot,
  readCell,
  readCounter,
  wasRoot,
  write,
} from './ledger-types.ts';
import { pathTo } from './merkle-path.ts';
import {
  COMMITTED_VOTES,
  CONTRACT,
  commitNullifier,
  ELIGIBLE_VOTERS,
  FIELD,
  newBallot,
  PHASE,
  PROGRESS,
  publicKey,
  revealNullifier,
  voteCommitment,
} from './micro-dao.ts';
import { cell } from './state-values.ts';

interface Ballot {
  member: AlignedValue;
  round: AlignedValue;
  vote: boolean;
}

const anyBallot = (random: Random): Ballot => ({
  member: bytes(32, random(32)),
  round: uint(8, positive(random, 2)),
  vote: positive(random, 1) % 2n === 0n,
});

/** voteCommit(vote): shows that a member may vote, and keeps the vote hidden. */
export function microDaoVoteCommit(random: Random = fresh, ballot = anyBallot(random)): ContractCall {
  const { member, round, vote } = ballot;
  const stranger = bytes(32, random(32));
  const state = stateAfter(
    newBallot({ phase: PHASE.commit, round }),
    insertHistoricLeaf(FIELD.eligibleVoters, publicKey(stranger)),
    insertHistoricLeaf(FIELD.eligibleVoters, publicKey(member)),
  );
  const { path, root } = pathTo(publicKey(member), state, ELIGIBLE_VOTERS);
  const nullifier = commitNullifier(round, member);
  return {
    contract: CONTRACT,
    circuit: 'voteCommit',
    input: boolean(vote),
    output: EMPTY,
    witnesses: [PROGRESS.initial, member, tuple(TRUE, path)],
    program: [
      ...readCell(FIELD.phase),
      ...readCounter(FIELD.round),
      ...isMember(FIELD.committed, nullifier),
      ...wasRoot(FIELD.eligibleVoters, root),
      ...readCounter(FIELD.round),
      ...insertLeaf(FIELD.committedVotes, voteCommitment(round, vote, member)),
      ...addMember(FIELD.committed, nullifier),
    ],
    state,
  };
}

/** voteReveal(): counts a vote that was committed. */
export function microDaoVoteReveal(random: Random = fresh): ContractCall {
  const ballot = anyBallot(random);
  const { member, round, vote } = ballot;
  const { program: committing, state: before } = microDaoVoteCommit(random, ballot);
  const state = stateAfter(before, committing, write(FIELD.phase, cell(PHASE.reveal)));
  const { path, root } = pathTo(voteCommitment(round, vote, member), state, COMMITTED_VOTES);
  const nullifier = revealNullifier(round, member);
  return {
    contract: CONTRACT,
    circuit: 'voteReveal',
    input: EMPTY,
    output: EMPTY,
    witnesses: [PROGRESS.committed, member, tuple(TRUE, boolean(vote)), tuple(TRUE, path)],
    program: [
      ...readCell(FIELD.phase),
      ...readCounter(FIELD.round),
      ...isMember(FIELD.revealed, nullifier),
      ...readCounter(FIELD.round),
      ...isRoot(FIELD.committedVotes, root),
      ...increment(vote ? FIELD.yes : FIELD.no),
      ...addMember(FIELD.revealed, nullifier),
    ],
    state,
  };
}

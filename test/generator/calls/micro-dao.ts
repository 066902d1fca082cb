/** The contract `micro-dao`: an organizer leads a ballot through its phases; its votes are committed, then revealed. */
import type { AlignedValue, StateValue } from '@midnight-ntwrk/ledger-v8';
import { bytes, commitment, FALSE, opaque, pad, tuple, uint } from '../values.ts';
import { field } from './operations.ts';
import { cell, EMPTY_HISTORIC_MERKLE_TREE, EMPTY_MERKLE_TREE, EMPTY_SET, stateOf } from './state-values.ts';

export const CONTRACT = 'micro-dao';

export const COMMITTED_VOTES = 7;
export const ELIGIBLE_VOTERS = 8;
/** In the contract's ledger. */
export const FIELD = {
  organizer: field(0),
  phase: field(1),
  topic: field(2),
  beneficiary: field(3),
  yes: field(4),
  no: field(5),
  round: field(6),
  committedVotes: field(COMMITTED_VOTES),
  eligibleVoters: field(ELIGIBLE_VOTERS),
  committed: field(9),
  revealed: field(10),
};

/** What the ballot as a whole goes through. */
export const PHASE = { setup: uint(1, 0), commit: uint(1, 1), reveal: uint(1, 2), final: uint(1, 3) };
/** What a voter goes through. */
export const PROGRESS = { initial: uint(1, 0), committed: uint(1, 1) };

export const NO_TOPIC = tuple(FALSE, opaque(''));
export const NO_BENEFICIARY = tuple(FALSE, bytes(32, new Uint8Array()));
const NO_POT = tuple(...[32, 32, 16, 8].map((length) => uint(length, 0)));

/** Of a member or the organizer. */
export const publicKey = (secretKey: AlignedValue) => commitment(pad(13, 'lares:udao:pk'), secretKey);

const inRound = (round: AlignedValue, text: string, secretKey: AlignedValue) =>
  commitment(tuple(round, pad(8, text)), secretKey);

export const voteCommitment = (round: AlignedValue, vote: boolean, secretKey: AlignedValue) =>
  inRound(round, vote ? 'yes' : 'no', secretKey);
export const commitNullifier = (round: AlignedValue, secretKey: AlignedValue) => inRound(round, 'udao:cn', secretKey);
export const revealNullifier = (round: AlignedValue, secretKey: AlignedValue) => inRound(round, 'udao:rn', secretKey);

/** Nobody may vote, and nobody has. */
export const newBallot = ({
  organizer = bytes(32, new Uint8Array()),
  phase = PHASE.setup,
  yes = uint(8, 0),
  no = uint(8, 0),
  round = uint(8, 0),
}): StateValue =>
  stateOf(
    cell(organizer),
    cell(phase),
    cell(NO_TOPIC),
    cell(NO_BENEFICIARY),
    cell(yes),
    cell(no),
    cell(round),
    EMPTY_MERKLE_TREE,
    EMPTY_HISTORIC_MERKLE_TREE,
    EMPTY_SET,
    EMPTY_SET,
    cell(NO_POT),
    cell(FALSE),
  );

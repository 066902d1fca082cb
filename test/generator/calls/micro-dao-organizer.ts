/** What the organizer of `micro-dao` does. Both circuits have k=13. */
import { fresh, hex, positive, type Random } from '../random.ts';
import { bytes, EMPTY, opaque, TRUE, tuple, uint } from '../values.ts';
import type { ContractCall } from './contract-call.ts';
import { increment, isCounterBelow, readCell, readCounter, write } from './ledger-types.ts';
import { CONTRACT, FIELD, NO_BENEFICIARY, NO_TOPIC, newBallot, PHASE, publicKey } from './micro-dao.ts';
import { cell, EMPTY_MERKLE_TREE, EMPTY_SET, ZERO } from './state-values.ts';

/** setTopic(topic, beneficiary): opens a ballot. */
export function microDaoSetTopic(random: Random = fresh): ContractCall {
  const organizer = bytes(32, random(32));
  const [topic, beneficiary] = [opaque(hex(random(16))), bytes(32, random(32))];
  return {
    contract: CONTRACT,
    circuit: 'setTopic',
    input: tuple(topic, beneficiary),
    output: EMPTY,
    witnesses: [organizer],
    program: [
      ...readCell(FIELD.organizer),
      ...readCell(FIELD.phase),
      ...write(FIELD.topic, cell(tuple(TRUE, topic))),
      ...write(FIELD.beneficiary, cell(tuple(TRUE, beneficiary))),
      ...write(FIELD.phase, cell(PHASE.commit)),
    ],
    state: newBallot({ organizer: publicKey(organizer) }),
  };
}

/** advance(): ends the phase. Here it is the last one and the noes have it, so that the ballot starts again. */
export function microDaoAdvance(random: Random = fresh): ContractCall {
  const organizer = bytes(32, random(32));
  const yes = positive(random, 2);
  const no = uint(8, yes + positive(random, 2));
  return {
    contract: CONTRACT,
    circuit: 'advance',
    input: EMPTY,
    output: EMPTY,
    witnesses: [organizer],
    program: [
      ...readCell(FIELD.phase),
      ...readCell(FIELD.organizer),
      ...readCell(FIELD.phase),
      ...write(FIELD.phase, cell(PHASE.final)),
      ...readCell(FIELD.phase),
      ...readCounter(FIELD.no),
      ...isCounterBelow(FIELD.yes, no),
      ...write(FIELD.phase, cell(PHASE.setup)),
      ...write(FIELD.topic, cell(NO_TOPIC)),
      ...write(FIELD.yes, ZERO),
      ...write(FIELD.no, ZERO),
      ...write(FIELD.beneficiary, cell(NO_BENEFICIARY)),
      ...write(FIELD.committedVotes, EMPTY_MERKLE_TREE),
      ...write(FIELD.committed, EMPTY_SET),
      ...write(FIELD.revealed, EMPTY_SET),
      ...increment(FIELD.round),
    ],
    state: newBallot({ organizer: publicKey(organizer), phase: PHASE.reveal, yes: uint(8, yes), no }),
  };
}

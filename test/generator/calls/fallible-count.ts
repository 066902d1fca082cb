/** count() of the contract `fallible`: k=6, no arguments; counts, and sets a flag that must not have been set. */
import { EMPTY, FALSE, TRUE } from '../values.ts';
import type { ContractCall } from './contract-call.ts';
import { increment, readCell, write } from './ledger-types.ts';
import { field } from './operations.ts';
import { cell, stateOf, ZERO } from './state-values.ts';

const [ATTEMPTS, SUCCEEDED, SUCCESSES] = [field(0), field(1), field(2)];

/** The same each time: it has nothing to choose. */
export const fallibleCount = (): ContractCall => ({
  contract: 'fallible',
  circuit: 'count',
  input: EMPTY,
  output: EMPTY,
  witnesses: [],
  program: [
    ...increment(ATTEMPTS),
    'ckpt',
    ...readCell(SUCCEEDED),
    ...write(SUCCEEDED, cell(TRUE)),
    ...increment(SUCCESSES),
  ],
  state: stateOf(ZERO, cell(FALSE), ZERO),
});

/** Runs programs on the on-chain VM, in a contract's state. */
import {
  type AlignedValue,
  ChargedState,
  type ContractAddress,
  CostModel,
  dummyContractAddress,
  type Op,
  QueryContext,
  type StateValue,
  type TokenType,
} from '@midnight-ntwrk/ledger-v8';
import type { Program } from './operations.ts';

/** A contract as a call finds it. */
export interface Standing {
  state: StateValue;
  /** The unshielded tokens that it holds. */
  balance?: Map<TokenType, bigint>;
}

export function contextOf({ state, balance }: Standing, address: ContractAddress = dummyContractAddress()) {
  const context = new QueryContext(new ChargedState(state), address);
  if (balance) context.block = { ...context.block, balance };
  return context;
}

const run = (program: Program, context: QueryContext) => context.query(program, CostModel.initialCostModel());

/** The program with what it reads in that context. */
export function transcriptOf(program: Program, context: QueryContext): Op<AlignedValue>[] {
  const results = run(program, context).events.flatMap((event) => (event.tag === 'read' ? [event.content] : []));
  return program.map((operation) => {
    if (typeof operation === 'string' || !('popeq' in operation)) return operation;
    const result = results.shift();
    if (!result) throw new Error('The program reads more than the VM gave.');
    return { popeq: { ...operation.popeq, result } };
  });
}

/** The state that a contract is in after the programs. */
export const stateAfter = (state: StateValue, ...programs: Program[]): StateValue =>
  run(programs.flat(), contextOf({ state })).context.state.state;

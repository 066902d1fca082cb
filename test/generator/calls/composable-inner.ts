/** The contract `composable-inner`, which keeps a string that one authority may set. */
import type { AlignedValue } from '@midnight-ntwrk/ledger-v8';
import { fresh, hex, type Random } from '../random.ts';
import { bytes, commitment, EMPTY, opaque, pad } from '../values.ts';
import type { ContractCall } from './contract-call.ts';
import { readCell, write } from './ledger-types.ts';
import { field } from './operations.ts';
import { cell, stateOf } from './state-values.ts';

const CONTRACT = 'composable-inner';
const [AUTHORITY, VALUE] = [field(0), field(1)];

const authorityOf = (secretKey: AlignedValue) => commitment(pad(9, 'mdn:ex:ci'), secretKey);
const anyText = (random: Random) => hex(random(16));

/** get(): k=6; answers the string, a random one where none is given. */
export function composableGet(random: Random = fresh, text = anyText(random)): ContractCall {
  const value = opaque(text);
  return {
    contract: CONTRACT,
    circuit: 'get',
    input: EMPTY,
    output: value,
    witnesses: [],
    program: readCell(VALUE),
    state: stateOf(cell(authorityOf(bytes(32, random(32)))), cell(value)),
  };
}

/** set(value): k=13; asks for the authority's secret key, a random one where none is given. */
export function composableSet(random: Random = fresh, secretKey = bytes(32, random(32))): ContractCall {
  const value = opaque(anyText(random));
  return {
    contract: CONTRACT,
    circuit: 'set',
    input: value,
    output: EMPTY,
    witnesses: [secretKey],
    program: [...readCell(AUTHORITY), ...write(VALUE, cell(value))],
    state: stateOf(cell(authorityOf(secretKey)), cell(opaque(''))),
  };
}

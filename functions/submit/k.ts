import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { expectContract } from '../../core/access/asked-by.ts';
import type { Caller } from '../../core/access/caller.ts';
import { developmentNote, warningHeader } from '../../core/contracts/development.ts';
import { knownCircuit } from '../../core/contracts/known-circuit.ts';
import { json, text } from '../../core/http/answers.ts';
import { bodyOf } from '../../core/http/event.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { contractOf } from './contract-of.ts';
import { formOf, kForm } from './json-forms.ts';

/** `POST /k` and `/contracts/{id}/k`, compatible: a tagged ZKIR in, the decimal k out. Answered at once, no job. */
export async function k(event: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  const form = formOf(kForm, event);
  if (form) {
    const { circuit, contract, k } = await knownCircuit(form.circuit_id, contractOf(event));
    expectContract(caller, contract);
    const note = developmentNote(contract);
    return json(200, { circuit_id: circuit, k, ...note }, warningHeader(note));
  }
  const answer = await nativeProver().ask('k', { ir: bodyOf(event) });
  return text(200, String(answer.k));
}

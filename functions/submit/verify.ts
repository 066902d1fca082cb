import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { z } from 'zod';
import { expectContract } from '../../core/access/asked-by.ts';
import type { Caller } from '../../core/access/caller.ts';
import { claim, claims } from '../../core/api/circuits.ts';
import { warningHeader } from '../../core/contracts/development.ts';
import { contractHolding } from '../../core/contracts/names.ts';
import { NightshiftError } from '../../core/errors.ts';
import { json } from '../../core/http/answers.ts';
import { jsonBodyOf, parse } from '../../core/http/event.ts';
import type { ReadyKeys } from '../../core/keys/keys.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { keysForClaim } from '../../core/verify/claim.ts';
import { verifyClaims } from '../../core/verify/verify-claims.ts';
import { timeUp } from './request-end.ts';

/** `POST /v1/verify`: a claim, or many that are verified together. Answered at once, no job. */
export async function verify(event: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  const body = jsonBodyOf(z.looseObject({}), event);
  if (!('items' in body)) {
    const [verdict] = await verdictsOn([parse(claim, body)], event, caller);
    return json(200, verdict, warningHeader(verdict ?? {}));
  }
  const verdicts = await verdictsOn(parse(claims, body).items, event, caller, (index) => `items.${index}: `);
  const insecure = verdicts.find(({ warning }) => warning) ?? {};
  return json(200, { valid: verdicts.every(({ valid }) => valid), items: verdicts }, warningHeader(insecure));
}

async function verdictsOn(
  forms: z.infer<typeof claim>[],
  event: APIGatewayProxyEvent,
  caller: Caller,
  nameOf: (index: number) => string = () => '',
) {
  const circuits = new Map<string, Promise<ReadyKeys>>();
  /** Looked up once, however many claims are about it. */
  const keysOf = ({ circuit, contract }: z.infer<typeof claim>) => {
    expectContract(caller, contractHolding(circuit, contract));
    const name = JSON.stringify([contract, circuit]);
    const found = circuits.get(name) ?? keysForClaim({ circuit, contract });
    circuits.set(name, found);
    return found;
  };
  const found = forms.map(async (form, index) => {
    const keys = await keysOf(form).catch(refusedAt(nameOf(index)));
    return { keys, proof: Buffer.from(form.proof, 'base64'), statement: form.statement };
  });
  return verifyClaims(nativeProver(), await Promise.all(found), timeUp(event));
}

const refusedAt = (name: string) => (error: unknown) => {
  if (!(error instanceof NightshiftError)) throw error;
  const { code, message, retryAfterSeconds } = error;
  throw new NightshiftError(code, `${name}${message}`, { retryAfterSeconds });
};

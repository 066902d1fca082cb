import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { expectContract } from '../../core/access/asked-by.ts';
import type { Caller } from '../../core/access/caller.ts';
import { contractPath } from '../../core/api/contracts.ts';
import { warningHeader } from '../../core/contracts/development.ts';
import { contractView } from '../../core/contracts/view.ts';
import { json } from '../../core/http/answers.ts';
import { parse } from '../../core/http/event.ts';

/** `GET /v1/contracts/{id}`: the contract, and how far the keys of its circuits are. */
export async function contract(event: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  const { id } = parse(contractPath, event.pathParameters);
  expectContract(caller, id);
  const view = await contractView(id);
  return json(200, view, warningHeader(view));
}

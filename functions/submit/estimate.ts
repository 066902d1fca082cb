import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { z } from 'zod';
import { expectContract } from '../../core/access/asked-by.ts';
import type { Caller } from '../../core/access/caller.ts';
import { estimateForm, type estimateView } from '../../core/api/circuits.ts';
import { developmentNote, warningHeader } from '../../core/contracts/development.ts';
import { type KnownCircuit, knownCircuit } from '../../core/contracts/known-circuit.ts';
import { estimateFor } from '../../core/estimate.ts';
import { json } from '../../core/http/answers.ts';
import { jsonBodyOf } from '../../core/http/event.ts';
import { provingLane } from '../../core/jobs/lane-of.ts';
import { PRICES } from '../../core/prices.ts';

/** `POST /v1/estimate`: what a proof of a circuit would take now. */
export async function estimate(event: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  const { circuit, contract } = jsonBodyOf(estimateForm, event);
  const known = await knownCircuit(circuit, contract);
  expectContract(caller, known.contract);
  const view = await estimateOf(known);
  return json(200, view, warningHeader(view));
}

/** @throws NightshiftError CIRCUIT_TOO_LARGE if no lane takes it. */
export async function estimateOf({
  circuit,
  contract,
  k,
  provingBytes,
}: KnownCircuit): Promise<z.infer<typeof estimateView>> {
  const lane = provingLane({ operation: 'prove', k, provingBytes }).name;
  const estimate = await estimateFor({ k, provingBytes, lane });
  return { circuit, contract, ...developmentNote(contract), k, lane, ...estimate, pricesAsOf: PRICES.asOf };
}

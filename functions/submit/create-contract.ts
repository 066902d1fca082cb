import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Caller } from '../../core/access/caller.ts';
import { type CircuitForm, contractForm, uploaded } from '../../core/api/contracts.ts';
import { currentTime } from '../../core/clock.ts';
import { expectAllowed, warningHeader } from '../../core/contracts/development.ts';
import { type GivenCircuit, registerContract } from '../../core/contracts/register.ts';
import { contractView } from '../../core/contracts/view.ts';
import { json } from '../../core/http/answers.ts';
import { jsonBodyOf } from '../../core/http/event.ts';
import { timeLeft } from '../../core/time-left.ts';
import { readUploadedZkir } from './read-upload.ts';
import { requestEndsAt } from './request-end.ts';

/** `POST /v1/contracts`: the contract's circuits, each with ZKIR and verifier key. Answers 202 with the contract. */
export async function createContract(event: APIGatewayProxyEvent, { tenant }: Caller): Promise<APIGatewayProxyResult> {
  const { circuits, parameters } = jsonBodyOf(contractForm, event);
  expectAllowed(parameters);
  const given = Object.entries(circuits).map(([name, form]) => givenCircuit(name, form));
  const timeUp = timeLeft(requestEndsAt(event) - currentTime().getTime());
  const id = await registerContract(tenant, given, parameters, timeUp);
  const view = await contractView(id);
  return json(202, view, { location: view.links.self, ...warningHeader(view) });
}

const givenCircuit = (name: string, { zkir, verifierKey, proverKey }: CircuitForm): GivenCircuit => ({
  name,
  zkir: () => zkirBytes(zkir),
  ...(verifierKey && { verifierKey: Buffer.from(verifierKey, 'base64') }),
  ...(proverKey && { proverKeySha256: proverKey.upload }),
});

async function zkirBytes(zkir: CircuitForm['zkir']): Promise<Uint8Array> {
  if (typeof zkir === 'string') return Buffer.from(zkir, 'base64');
  const { data: uploadedFile } = uploaded.safeParse(zkir);
  return uploadedFile ? readUploadedZkir(uploadedFile.upload) : Buffer.from(JSON.stringify(zkir));
}

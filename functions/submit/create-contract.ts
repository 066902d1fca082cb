import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { z } from 'zod';
import { sha256Hex } from '../../core/artifacts/artifact.ts';
import { parameterSet } from '../../core/circuits/parameter-set.ts';
import { expectAllowed, warningHeader } from '../../core/contracts/development.ts';
import { CIRCUIT_NAME_RULE, isCircuitName } from '../../core/contracts/names.ts';
import { type GivenCircuit, registerContract } from '../../core/contracts/register.ts';
import { contractView } from '../../core/contracts/view.ts';
import { json } from '../../core/http/answers.ts';
import { jsonBodyOf } from '../../core/http/event.ts';
import { MAX_CIRCUITS } from '../../core/limits.ts';
import { timeLeft } from '../../core/time-left.ts';
import { readUploadedZkir } from './read-upload.ts';
import { requestEndsAt } from './request-end.ts';

const uploaded = z.strictObject({ upload: sha256Hex });

const circuitForm = z
  .strictObject({
    zkir: z.union([z.base64().min(1), uploaded, z.looseObject({ version: z.unknown() })], {
      error: 'must be ZKIR in base64 or as JSON, or {"upload": its SHA-256}',
    }),
    verifierKey: z.base64().min(1).optional(),
    proverKey: uploaded.optional(),
  })
  .refine(({ proverKey, verifierKey }) => !proverKey || verifierKey, 'a ready-made prover key needs its verifier key');

/** With every name that was sent: `z.record` leaves `__proto__` out. */
const unparsed = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  { error: 'must be the circuits by their names', abort: true },
);

const contractForm = z
  .strictObject({
    circuits: unparsed
      .refine((circuits) => isBetween(Object.keys(circuits).length, 1, MAX_CIRCUITS), {
        error: ({ input }) =>
          `a contract has 1 to ${MAX_CIRCUITS} circuits, this one has ${Object.keys(input as object).length}`,
        abort: true,
      })
      .refine((circuits) => Object.keys(circuits).every(isCircuitName), {
        error: CIRCUIT_NAME_RULE,
        abort: true,
      })
      .pipe(z.record(z.string(), circuitForm)),
    parameters: parameterSet.default('midnight'),
  })
  .refine(
    ({ parameters, circuits }) =>
      parameters === 'midnight' || Object.values(circuits).every(({ verifierKey }) => !verifierKey),
    "verifier keys come from Midnight's parameters and never match what is derived from development parameters: leave them out",
  );

const isBetween = (count: number, least: number, most: number): boolean => least <= count && count <= most;

/** `POST /v1/contracts`: the contract's circuits, each with ZKIR and verifier key. Answers 202 with the contract. */
export async function createContract(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { circuits, parameters } = jsonBodyOf(contractForm, event);
  expectAllowed(parameters);
  const given = Object.entries(circuits).map(([name, form]) => givenCircuit(name, form));
  const id = await registerContract(given, parameters, timeLeft(requestEndsAt(event) - Date.now()));
  const view = await contractView(id);
  return json(202, view, { location: view.links.self, ...warningHeader(view) });
}

const givenCircuit = (name: string, { zkir, verifierKey, proverKey }: z.infer<typeof circuitForm>): GivenCircuit => ({
  name,
  zkir: () => zkirBytes(zkir),
  ...(verifierKey && { verifierKey: Buffer.from(verifierKey, 'base64') }),
  ...(proverKey && { proverKeySha256: proverKey.upload }),
});

async function zkirBytes(zkir: z.infer<typeof circuitForm>['zkir']): Promise<Uint8Array> {
  if (typeof zkir === 'string') return Buffer.from(zkir, 'base64');
  const { data: uploadedFile } = uploaded.safeParse(zkir);
  return uploadedFile ? readUploadedZkir(uploadedFile.upload) : Buffer.from(JSON.stringify(zkir));
}

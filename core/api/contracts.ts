/** Contracts as `/v1` takes and shows them. */
import * as z from 'zod';
import { util } from 'zod/v4/core';
import { sha256Hex } from '../artifacts/artifact.ts';
import { parameterSet } from '../circuits/parameter-set.ts';
import { CIRCUIT_NAME_RULE, contractId, isCircuitName } from '../contracts/names.ts';
import { MAX_CIRCUITS } from '../limits.ts';
import { base64, developmentNote, failure, laneName, milliseconds } from './fields.ts';

/** A file that has been put where a registration finds it. */
export const uploaded = z
  .strictObject({ upload: sha256Hex })
  .meta({ id: 'Uploaded', description: 'A file that was uploaded, by its SHA-256: see POST /v1/uploads' });
export type Uploaded = z.infer<typeof uploaded>;

const zkirProgram = z
  .looseObject({ version: z.unknown() })
  .meta({ description: 'ZKIR in its JSON form, as the Compact compiler writes it' });

export const circuitForm = z
  .strictObject({
    zkir: z.union([base64('ZKIR as JSON or in its binary form').min(1), uploaded, zkirProgram], {
      error: 'must be ZKIR in base64 or as JSON, or {"upload": its SHA-256}',
    }),
    verifierKey: base64('What the verifier key must be: the derived one is held against it').min(1).optional(),
    proverKey: uploaded.optional().meta({ description: 'A ready-made prover key; needs its verifier key' }),
  })
  .refine(({ proverKey, verifierKey }) => !proverKey || verifierKey, 'a ready-made prover key needs its verifier key')
  .meta({ id: 'CircuitForm' });
export type CircuitForm = z.infer<typeof circuitForm>;

/** Looks at the names as they were sent: `z.record` leaves `__proto__` out. */
function expectCircuitNames(
  circuits: Record<string, z.input<typeof circuitForm>>,
  { addIssue }: z.core.$RefinementCtx,
) {
  const names = util.isPlainObject(circuits) ? Object.keys(circuits) : undefined;
  if (names && !isBetween(names.length, 1, MAX_CIRCUITS)) {
    addIssue(`a contract has 1 to ${MAX_CIRCUITS} circuits, this one has ${names.length}`);
  } else if (names && !names.every(isCircuitName)) {
    addIssue(CIRCUIT_NAME_RULE);
  }
  return circuits;
}

const isBetween = (count: number, least: number, most: number): boolean => least <= count && count <= most;

const circuits = z.record(z.string(), circuitForm, { error: 'must be the circuits by their names' }).meta({
  description: `By their names: ${CIRCUIT_NAME_RULE}`,
  minProperties: 1,
  maxProperties: MAX_CIRCUITS,
});

export const contractForm = z
  .strictObject({
    circuits: z.preprocess(expectCircuitNames, circuits),
    parameters: parameterSet
      .default('midnight')
      .meta({ description: 'Development parameters are insecure, and refused unless the deployment takes them' }),
  })
  .refine(
    ({ parameters, circuits }) =>
      parameters === 'midnight' || Object.values(circuits).every(({ verifierKey }) => !verifierKey),
    "verifier keys come from Midnight's parameters and never match what is derived from development parameters: leave them out",
  )
  .meta({ id: 'ContractForm' });
export type ContractForm = z.input<typeof contractForm>;

export const contractPath = z.object({ id: contractId });

const state = z.enum(['building', 'ready', 'failed']);
const bytes = (description: string) =>
  z
    .int()
    .min(0)
    .meta({ description: `${description}, in bytes` });

const circuitView = z
  .object({
    state: state.meta({ description: 'Of its keys' }),
    k: z.int().meta({ description: 'The circuit has up to 2^k rows' }),
    lane: laneName.optional().meta({ description: 'That it is proved in; missing where no lane takes it any more' }),
    zkirSha256: sha256Hex,
    zkirBytes: bytes('Size of the ZKIR in its binary form'),
    verifierKeySha256: sha256Hex.optional().meta({ description: 'Given, and once it is derived, that one' }),
    verifierKeyBytes: bytes('Size of the verifier key').optional(),
    proverKeySha256: sha256Hex.optional(),
    proverKeyBytes: bytes('Size of the prover key').optional(),
    requestedAt: z.iso.datetime().optional().meta({ description: 'When its keys were first asked for' }),
    endedAt: z.iso.datetime().optional(),
    keygenMs: milliseconds('What deriving the keys took').optional(),
    error: failure.optional(),
  })
  .meta({ id: 'Circuit' });
export type CircuitView = z.infer<typeof circuitView>;

/** Times are ISO 8601. */
export const contractView = z
  .object({
    id: contractId,
    state: state.meta({ description: 'building as long as one of its circuits is, failed if one has' }),
    ...developmentNote,
    parameters: parameterSet,
    createdAt: z.iso.datetime(),
    circuits: z.record(z.string(), circuitView).meta({ description: 'By their names' }),
    links: z.object({
      self: z.string(),
      prefix: z.string().meta({ description: "Below it the proof server's endpoints know the contract's circuits" }),
    }),
  })
  .meta({ id: 'Contract' });
export type ContractView = z.infer<typeof contractView>;

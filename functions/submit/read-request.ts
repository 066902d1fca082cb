/** What the endpoints are sent, in terms of the jobs that it asks for. Keys that come along go by their hash. */
import { z } from 'zod';
import type { AskedJob, AskedProof, AskedTransaction } from '../../core/access/asked-by.ts';
import { type Caller, expectSecretKey } from '../../core/access/caller.ts';
import type { JobForm } from '../../core/api/jobs.ts';
import type { CircuitArtifacts } from '../../core/artifacts/artifact.ts';
import { type InlinedFile, inlinedArtifact } from '../../core/circuits/inlined.ts';
import { knownCircuit } from '../../core/contracts/known-circuit.ts';
import { circuitName } from '../../core/contracts/names.ts';
import { NightshiftError } from '../../core/errors.ts';
import { parse } from '../../core/http/event.ts';
import { kindOf } from '../../core/jobs/tagged-body.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { readSealed, type SealedWitness } from '../../core/sealing/sealed-witness.ts';

/**
 * The tagged body of `/prove` or `/check`.
 *
 * @param contract in which the key location is looked up.
 * @throws NightshiftError INVALID_REQUEST in the reference's words; CIRCUIT_NOT_FOUND if it neither brings keys nor names
 *   a circuit that is built in or in the contract; FORBIDDEN if it brings keys, and the caller's API key is publishable.
 */
export async function readBody(
  caller: Caller,
  operation: 'prove' | 'check',
  body: Uint8Array,
  contract?: string,
): Promise<AskedProof> {
  const inspected = await nativeProver().ask('inspect', { endpoint: operation, body });
  const { preimage: witness, inlined, k, provingBytes } = inspected;
  const keyLocation = keyLocationOf(inspected);
  if (!inlined) return { operation, witness, ...(await knownCircuit(keyLocation, contract)) };
  expectSecretKey(caller);
  const { artifacts, keyFiles } = keysBrought(inlined);
  return {
    operation,
    witness,
    circuit: keyLocation,
    k: z.int().parse(k),
    provingBytes,
    inlined: artifacts,
    keyFiles,
  };
}

/**
 * The tagged body of `/prove`, `/check` or `/prove-tx`: its header says which.
 *
 * @throws NightshiftError as they do; INVALID_REQUEST if it is none of them.
 */
export async function readTagged(caller: Caller, body: Uint8Array, contract?: string): Promise<AskedJob> {
  const kind = kindOf(body);
  if (kind === 'transaction') return readTransaction(caller, body);
  if (kind === 'prove' || kind === 'check') return readBody(caller, kind, body, contract);
  throw new NightshiftError(
    'INVALID_REQUEST',
    'The body is not what /prove, /check or /prove-tx take. JSON has to come with Content-Type: application/json.',
  );
}

/**
 * A tagged proof preimage by itself.
 *
 * @param circuit which circuit it is for; the one that the preimage names if not given.
 * @throws NightshiftError INVALID_REQUEST, CIRCUIT_NOT_FOUND
 */
export async function readPreimage(
  operation: 'prove' | 'check',
  preimage: string,
  { circuit, contract, bindingInput }: { circuit?: string; contract?: string; bindingInput?: string },
): Promise<AskedProof> {
  const body = Buffer.from(preimage, 'base64');
  const inspected = await nativeProver().ask('inspect', { endpoint: 'preimage', body, bindingInput });
  const witness = inspected.preimage;
  const known = await knownCircuit(circuit ?? keyLocationOf(inspected), contract);
  return { operation, witness, ...known };
}

/**
 * The tagged body of `/prove-tx`.
 *
 * @throws NightshiftError INVALID_REQUEST in the reference's words; FORBIDDEN if the caller's API key is publishable.
 */
export async function readTransaction(caller: Caller, body: Uint8Array): Promise<AskedTransaction> {
  expectSecretKey(caller);
  const { transaction: witness, keys } = await nativeProver().ask('transaction', { body });
  const brought = Object.entries(keys).map(([name, { k, ...bytes }]) => ({
    name: parse(circuitName, name),
    k,
    ...keysBrought(bytes),
  }));
  return {
    operation: 'transaction',
    witness,
    circuits: Object.fromEntries(brought.map(({ name, k, artifacts }) => [name, { k, artifacts }])),
    keyFiles: brought.flatMap(({ keyFiles }) => keyFiles),
  };
}

/** A form of `/v1` on its way to a job. */
export interface FormToRead {
  /** What it is sealed with: the key's id. Whether that one is taken is for the caller to find out. */
  sealingKey?: string;
  /** @throws NightshiftError as `readPreimage` */
  read: () => Promise<AskedProof>;
}

/** One proof as `/v1` takes it in JSON. */
export function formToRead(operation: JobForm['operation'], form: ProofForm): FormToRead {
  const { circuit, contract, bindingInput, id, deadlineSeconds, lane, labels } = form;
  const options = { id, deadlineSeconds, lane, labels };
  const named = { circuit, contract, bindingInput };
  if ('preimage' in form)
    return { read: async () => ({ ...(await readPreimage(operation, form.preimage, named)), ...options }) };
  const sealed = readSealed(Buffer.from(form.sealed, 'base64'));
  return {
    sealingKey: sealed?.keyId,
    read: async () => ({ ...(await readSealedWitness(operation, sealed, named)), ...options }),
  };
}

/** A job's, or a batch's item. */
type ProofForm = Without<JobForm, 'operation'>;
/** Of each member of a union. */
type Without<Form, Name extends string> = Form extends unknown ? Omit<Form, Name> : never;

/** What has been sealed is read by who opens it; until then its binding input stands beside it. */
async function readSealedWitness(
  operation: 'prove' | 'check',
  witness: SealedWitness | undefined,
  { circuit, contract, bindingInput }: { circuit: string; contract?: string; bindingInput?: string },
): Promise<AskedProof> {
  if (!witness) throw new NightshiftError('INVALID_REQUEST', 'sealed: this is not laid out as a sealed witness is.');
  return { operation, witness, bindingInput, ...(await knownCircuit(circuit, contract)) };
}

const named = z.object({ keyLocation: circuitName });

/** It becomes part of keys in the table. @throws NightshiftError INVALID_REQUEST */
const keyLocationOf = (inspected: z.infer<typeof named>): string => parse(named, inspected).keyLocation;

interface KeyBytes {
  ir: Uint8Array;
  prover?: Uint8Array;
  verifier?: Uint8Array;
}

interface KeysBrought<Artifacts> {
  artifacts: Artifacts;
  /** To be stored once there is a place for the job. */
  keyFiles: InlinedFile[];
}

function keysBrought(bytes: Required<KeyBytes>): KeysBrought<CircuitArtifacts>;
function keysBrought(bytes: KeyBytes): KeysBrought<Partial<CircuitArtifacts>>;
function keysBrought({ ir, prover, verifier }: KeyBytes): KeysBrought<Partial<CircuitArtifacts>> {
  const files = { zkir: fileOf(ir), prover: prover && fileOf(prover), verifier: verifier && fileOf(verifier) };
  return {
    artifacts: { zkir: files.zkir.artifact, prover: files.prover?.artifact, verifier: files.verifier?.artifact },
    keyFiles: Object.values(files).filter((file) => file !== undefined),
  };
}

const fileOf = (bytes: Uint8Array): InlinedFile => ({ bytes, artifact: inlinedArtifact(bytes) });

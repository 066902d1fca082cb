/** Proof jobs with keys of their own, and the prove function handed their messages, in the scratch resources of a test. */
import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import type { CircuitArtifacts } from '../../core/artifacts/artifact.ts';
import { storeInlined } from '../../core/circuits/inlined.ts';
import { admitJob, type NewProofJob } from '../../core/jobs/admit.ts';
import { type Job, readJob } from '../../core/jobs/job.ts';
import { getObject, objectOf } from '../../core/store/objects.ts';
import { bringParams } from '../../functions/prefetch/bring-params.ts';
import { handler } from '../../functions/prove/index.ts';
import { binaryIr } from '../generator/circuits.ts';
import { type Circuit, generateRequest } from '../generator/generate.ts';
import { keyFiles } from '../generator/keys.ts';
import { type Delivery, deliver } from './deliver.ts';

/** Proved in milliseconds, and in seconds. */
export const SMALL = 'fallible/count';
export const LARGE = 'midnight/zswap/output';
const K = { [SMALL]: 6, [LARGE]: 14 };
type Size = keyof typeof K & Circuit;

const stored = new Map<Size, Promise<CircuitArtifacts>>();

/** Stores what the circuit's proofs take, once. */
export function storeKeys(circuit: Size): Promise<CircuitArtifacts> {
  const keys = stored.get(circuit) ?? store(circuit);
  stored.set(circuit, keys);
  return keys;
}

async function store(circuit: Size): Promise<CircuitArtifacts> {
  await bringParams(K[circuit]);
  const files = await keyFiles(circuit);
  const [prover, verifier] = await Promise.all([readFile(files.prover), readFile(files.verifier)]);
  return {
    zkir: await storeInlined(binaryIr(circuit)),
    prover: await storeInlined(prover),
    verifier: await storeInlined(verifier),
  };
}

/** A fresh request. */
export async function newProof(circuit: Size): Promise<NewProofJob> {
  const [inlined, { preimage: witness }] = await Promise.all([storeKeys(circuit), generateRequest(circuit)]);
  return { tenant: LOCAL_TENANT, operation: 'prove', circuit, k: K[circuit], inlined, witness };
}

/** Admits a fresh request. */
export const admitProof = async (circuit: Size, options: Partial<NewProofJob> = {}): Promise<Job> =>
  admitJob({ ...(await newProof(circuit)), ...options });

/** One invocation of prove with the job's message. */
export async function invokeProve(job: Job, remainingMs?: number): Promise<Delivery['became']> {
  const { message, became } = await deliver(job.lane, handler, remainingMs);
  expect(message).toMatchObject({ jobId: job.id });
  return became;
}

/** As many invocations as it takes for the job's message to be done with. */
export async function proveToTheEnd(job: Job): Promise<void> {
  while ((await invokeProve(job)) === 'left');
}

/** The job's row and its witness. */
export const outcomeOf = async ({ id }: Job) => ({
  ...((await readJob(LOCAL_TENANT, id)) as Job),
  witness: await getObject(objectOf.witness(id)),
});

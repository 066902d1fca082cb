import { rm } from 'node:fs/promises';
import { withArtifacts } from '../../core/artifacts/at-hand.ts';
import { type Brought, bringOnce } from '../../core/artifacts/bringing.ts';
import { asideFile, keepFile } from '../../core/artifacts/local-files.ts';
import type { ParameterSet } from '../../core/circuits/parameter-set.ts';
import { paramsFor } from '../../core/circuits/params.ts';
import { NightshiftError, publicError } from '../../core/errors.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import type { Arguments } from '../../core/prover/protocol.ts';
import { lastModified, uploadFile } from '../../core/store/objects.ts';
import { downloadParams } from './parameter-source.ts';

/** The prover carries the SRS of this size; every smaller one is derived from it. */
export const DERIVABLE_K = 14;

/** From larger parameters than these nothing is derived: prefetch has not the memory. */
const LARGEST_SOURCE_K = 22;

/**
 * Brings public parameters into S3, by the cheapest way that there is: Midnight's are derived from those that the prover
 * carries, else downloaded, else (their source can't be reached) derived from larger ones in S3; development parameters
 * are made. All are held against their pinned hash before anyone can see them.
 *
 * @throws NightshiftError PARAMS_UNAVAILABLE
 */
export function bringParams(
  k: number,
  set: ParameterSet = 'midnight',
  signal: AbortSignal = new AbortController().signal,
): Promise<Brought> {
  const make = () => {
    if (set === 'development') return derive({ k, development: true }, set, signal);
    return k <= DERIVABLE_K ? derive({ k }, set, signal) : downloadOrDerive(k, signal);
  };
  return bringOnce(paramsFor(k, set), make, signal);
}

/** Deriving takes minutes where a download takes seconds (docs/performance.md). */
async function downloadOrDerive(k: number, signal: AbortSignal): Promise<void> {
  try {
    await downloadParams(k, signal);
  } catch (error) {
    const larger = publicError(error).code === 'PARAMS_UNAVAILABLE' && (await smallestLarger(k));
    if (!larger) throw error;
    const source = { from: paramsFor(larger) };
    await withArtifacts(nativeProver(), source, ({ from }) => derive({ k, from }, 'midnight', signal), signal);
  }
}

async function smallestLarger(k: number): Promise<number | undefined> {
  for (let larger = k + 1; larger <= LARGEST_SOURCE_K; larger++) {
    if (await lastModified(paramsFor(larger).object)) return larger;
  }
  return undefined;
}

async function derive(
  { k, ...how }: Omit<Arguments<'params'>, 'path'>,
  set: ParameterSet,
  signal: AbortSignal,
): Promise<void> {
  const artifact = paramsFor(k, set);
  const path = await asideFile(artifact);
  try {
    const { sha256 } = await nativeProver().ask('params', { k, ...how, path }, signal);
    if (sha256 !== artifact.sha256) {
      throw new NightshiftError('PARAMS_UNAVAILABLE', `The parameters for k=${k} came out with SHA-256 ${sha256}.`);
    }
    await uploadFile(artifact.object, path);
    await keepFile(artifact, path);
  } finally {
    await rm(path, { force: true });
  }
}

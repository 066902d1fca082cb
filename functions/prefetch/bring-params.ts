import { rename, rm } from 'node:fs/promises';
import { asideFile, hashFile, pathOf } from '../../core/artifacts/local-files.ts';
import { paramsFor } from '../../core/circuits/params.ts';
import { NightshiftError } from '../../core/errors.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { lastModified, uploadFile } from '../../core/store/objects.ts';
import { downloadParams } from './parameter-source.ts';
import type { Brought } from './report.ts';

/** The prover carries the SRS of this size; every smaller one is derived from it. */
export const DERIVABLE_K = 14;

/**
 * Brings `bls_midnight_2pK` into S3: derived where the shipped SRS reaches, downloaded otherwise, and in both cases held
 * against the pinned hash before anyone can see it.
 *
 * @throws NightshiftError PARAMS_UNAVAILABLE
 */
export async function bringParams(k: number): Promise<Brought> {
  const artifact = paramsFor(k);
  if (await lastModified(artifact.object)) return 'present';
  const aside = await asideFile(artifact);
  try {
    if (k <= DERIVABLE_K) await nativeProver().ask('params', { k, path: aside });
    else await downloadParams(k, aside);
    if ((await hashFile(aside)) !== artifact.sha256) {
      throw new NightshiftError('PARAMS_UNAVAILABLE', `The parameters for k=${k} do not have the pinned hash.`);
    }
    await uploadFile(artifact.object, aside);
    await rename(aside, pathOf(artifact));
    return 'made';
  } finally {
    await rm(aside, { force: true });
  }
}

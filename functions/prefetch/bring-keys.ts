import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '../../core/artifacts/artifact.ts';
import { withArtifacts } from '../../core/artifacts/at-hand.ts';
import { asideFile } from '../../core/artifacts/local-files.ts';
import type { BuiltInCircuit } from '../../core/circuits/builtin.ts';
import { paramsFor } from '../../core/circuits/params.ts';
import { NightshiftError } from '../../core/errors.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { lastModified, putObject, uploadFile } from '../../core/store/objects.ts';
import type { Brought } from './report.ts';

/**
 * Brings a built-in circuit's ZKIR, prover key and verifier key into S3. Keys are derived, and are stored only if they
 * have the pinned hashes.
 *
 * @throws NightshiftError PARAMS_UNAVAILABLE, KEY_MISMATCH
 */
export async function bringKeys({ name, k, artifacts }: BuiltInCircuit): Promise<Brought> {
  const { zkir, prover, verifier } = artifacts;
  const stored = await Promise.all([zkir, prover, verifier].map(({ object }) => lastModified(object)));
  if (stored.every(Boolean)) return 'present';
  await putObject(zkir.object, await readFile(join(process.env.LAMBDA_TASK_ROOT ?? '.', `${name}.bzkir`)));
  const proverPath = await asideFile(prover);
  const verifierPath = await asideFile(verifier);
  try {
    const { answer } = await withArtifacts(nativeProver(), { ir: zkir, params: paramsFor(k) }, (files) =>
      nativeProver().ask('keygen', { ...files, proverPath, verifierPath }),
    );
    expectPinned(`${name}.prover`, answer.prover.sha256, prover);
    expectPinned(`${name}.verifier`, answer.verifier.sha256, verifier);
    await uploadFile(prover.object, proverPath);
    await uploadFile(verifier.object, verifierPath);
    return 'made';
  } finally {
    await Promise.all([proverPath, verifierPath].map((path) => rm(path, { force: true })));
  }
}

function expectPinned(file: string, sha256: string, pinned: Artifact): void {
  if (sha256 === pinned.sha256) return;
  throw new NightshiftError('KEY_MISMATCH', `${file} came out as ${sha256}; Midnight pins ${pinned.sha256}.`);
}

/** Memory, else /tmp, else S3: an operation of the native prover with the artifacts it needs. */
import { CorruptArtifactError, type NativeProver } from '../prover/native-prover.ts';
import type { ArtifactFile } from '../prover/protocol.ts';
import type { Artifact } from './artifact.ts';
import { discardFile, ensureFile, pathOf } from './local-files.ts';

/**
 * Runs `use` with the artifacts as files. Those the prover holds in memory are not looked for on disk. If the prover
 * finds a file corrupt, they are thrown away and fetched again, once.
 *
 * @returns what `use` answers, and how long bringing the files took, in ms.
 */
export async function withArtifacts<Role extends string, T>(
  prover: NativeProver,
  artifacts: Record<Role, Artifact>,
  use: (files: Record<Role, ArtifactFile>) => Promise<T>,
): Promise<{ answer: T; fetchMs: number }> {
  const start = Date.now();
  const all = Object.values<Artifact>(artifacts);
  const { held } = await prover.ask('holds', { sha256: all.map(({ sha256 }) => sha256) });
  await Promise.all(all.filter(({ sha256 }) => !held.includes(sha256)).map(ensureFile));
  const fetchMs = Date.now() - start;
  const files = mapValues(artifacts, (artifact) => ({ sha256: artifact.sha256, path: pathOf(artifact) }));
  try {
    return { answer: await use(files), fetchMs };
  } catch (error) {
    if (!(error instanceof CorruptArtifactError)) throw error;
    await Promise.all(all.map(discardFile));
    await Promise.all(all.map(ensureFile));
    return { answer: await use(files), fetchMs: Date.now() - start };
  }
}

const mapValues = <Role extends string, A, B>(record: Record<Role, A>, change: (value: A) => B): Record<Role, B> =>
  Object.fromEntries(Object.entries<A>(record).map(([role, value]) => [role, change(value)])) as Record<Role, B>;

/** Memory, else /tmp, else S3: an operation of the native prover with the artifacts it needs. */
import { CorruptArtifactError, type NativeProver } from '../prover/native-prover.ts';
import type { ArtifactFile } from '../prover/protocol.ts';
import type { Artifact } from './artifact.ts';
import { CorruptObjectError } from './damage.ts';
import { discardFile, ensureFile, holding, pathOf } from './local-files.ts';
import { sha256OfFile } from './sha256.ts';

/**
 * Runs `use` with the artifacts as files. Those the prover holds in memory are not looked for on disk. If the prover
 * finds a file that is not what its hash says, it is fetched again, once.
 *
 * @param signal stops downloads.
 * @returns what `use` answers, and how long bringing the files took, in ms.
 * @throws CorruptObjectError, MissingObjectError; what `use` throws; NightshiftError TIMEOUT.
 */
export function withArtifacts<Role extends string, T>(
  prover: NativeProver,
  artifacts: Record<Role, Artifact>,
  use: (files: Record<Role, ArtifactFile>) => Promise<T>,
  signal: AbortSignal = new AbortController().signal,
): Promise<{ answer: T; fetchMs: number }> {
  const all = Object.values<Artifact>(artifacts);
  const files = mapValues(artifacts, ({ object, ...file }) => ({ ...file, path: pathOf({ object, ...file }) }));
  return holding(all, async () => {
    const start = Date.now();
    const { held } = await prover.ask('holds', { sha256: all.map(({ sha256 }) => sha256) });
    const missing = all.filter(({ sha256 }) => !held.includes(sha256));
    await Promise.all(missing.map((artifact) => ensureFile(artifact, signal)));
    const fetchMs = Date.now() - start;
    try {
      return { answer: await use(files), fetchMs };
    } catch (error) {
      if (!(error instanceof CorruptArtifactError)) throw error;
      await Promise.all(all.map((artifact) => mendFile(artifact, signal)));
      return { answer: await use(files), fetchMs: Date.now() - start };
    }
  });
}

/** Fetches a file again that is not there, or not what its hash says. */
async function mendFile(artifact: Artifact, signal: AbortSignal): Promise<void> {
  if (await isWhole(artifact)) return;
  await discardFile(artifact);
  await ensureFile(artifact, signal);
  if (await isWhole(artifact)) return;
  await discardFile(artifact);
  throw new CorruptObjectError(artifact);
}

const isWhole = (artifact: Artifact): Promise<boolean> =>
  sha256OfFile(pathOf(artifact)).then(
    (sha256) => sha256 === artifact.sha256,
    () => false,
  );

const mapValues = <Role extends string, A, B>(record: Record<Role, A>, change: (value: A) => B): Record<Role, B> =>
  Object.fromEntries(Object.entries<A>(record).map(([role, value]) => [role, change(value)])) as Record<Role, B>;

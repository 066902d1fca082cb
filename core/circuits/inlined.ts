/** Keys that came inside a request: stored once, by their hash. */
import type { Artifact } from '../artifacts/artifact.ts';
import { sha256Of } from '../artifacts/sha256.ts';
import { INLINED_KEYS_RETENTION_DAYS } from '../limits.ts';
import { lastModified, objectOf, putObject } from '../store/objects.ts';

const DAY_MS = 24 * 3600 * 1000;

/** Bytes, and the artifact that they are once they are stored. */
export interface InlinedFile {
  bytes: Uint8Array;
  artifact: Artifact;
}

/** What they are as an artifact, stored or not. */
export function inlinedArtifact(bytes: Uint8Array): Artifact {
  const sha256 = sha256Of(bytes);
  return { sha256, object: objectOf.inlined(sha256) };
}

/**
 * Stores the bytes unless they are there already, and fresh enough to outlive a job that starts now.
 *
 * @param artifact what they are, if that is known: hashing megabytes takes its time.
 */
export async function storeInlined(bytes: Uint8Array, artifact = inlinedArtifact(bytes)): Promise<Artifact> {
  const storedAt = await lastModified(artifact.object);
  const fresh = storedAt && Date.now() - storedAt.getTime() < (INLINED_KEYS_RETENTION_DAYS / 2) * DAY_MS;
  if (!fresh) await putObject(artifact.object, bytes);
  return artifact;
}

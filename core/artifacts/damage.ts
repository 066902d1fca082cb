/** What can be wrong with the objects that S3 holds. */
import { NightshiftError } from '../errors.ts';
import type { Artifact } from './artifact.ts';

/** What S3 holds of an artifact is not what its hash says, also when it is fetched again. */
export class CorruptObjectError extends NightshiftError {
  readonly artifact: Artifact;
  constructor(artifact: Artifact) {
    super('INTERNAL', `Stored object ${artifact.object} does not match its SHA-256.`);
    this.artifact = artifact;
  }
}

/** S3 does not hold the artifact. */
export class MissingObjectError extends NightshiftError {
  readonly artifact: Artifact;
  constructor(artifact: Artifact) {
    super('PARAMS_UNAVAILABLE', `${artifact.object} is not in the store of this deployment.`);
    this.artifact = artifact;
  }
}

import type { Artifact } from '../artifacts/artifact.ts';
import { objectOf } from '../store/objects.ts';
import { pinnedParams } from './pins.ts';

/** The public parameters for circuits of size k, as an artifact. */
export const paramsFor = (k: number): Artifact => ({ sha256: pinnedParams(k), object: objectOf.params(k) });

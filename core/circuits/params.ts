import { z } from 'zod';
import type { Artifact } from '../artifacts/artifact.ts';
import { objectOf } from '../store/objects.ts';
import { pinnedParams } from './pins.ts';

/** Midnight's public parameters, or insecure ones for development. What is made with one set is worthless with the other. */
export const parameterSet = z.enum(['midnight', 'development']);
export type ParameterSet = z.infer<typeof parameterSet>;

/** The public parameters for circuits of size k, as an artifact. */
export const paramsFor = (k: number, _set: ParameterSet = 'midnight'): Artifact => ({
  sha256: pinnedParams(k),
  object: objectOf.params(k),
});

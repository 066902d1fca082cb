import type { Artifact } from '../artifacts/artifact.ts';
import { objectOf } from '../store/objects.ts';
import type { ParameterSet } from './parameter-set.ts';
import { pinnedDevelopmentParams, pinnedParams } from './pins.ts';

/** The public parameters for circuits of size k, as an artifact. */
export const paramsFor = (k: number, set: ParameterSet = 'midnight'): Artifact => ({
  sha256: set === 'midnight' ? pinnedParams(k) : pinnedDevelopmentParams(k),
  object: set === 'midnight' ? objectOf.params(k) : objectOf.developmentParams(k),
});

/** The largest size that there are parameters for. */
export const LARGEST_PARAMS_K: Record<ParameterSet, number> = { midnight: 25, development: 19 };

/** Size of the file: k as a u32, two bases of 2^k points in G1 (96 bytes each), two points in G2 (192 bytes each). */
export const paramsBytes = (k: number): number => 4 + 2 * 96 * 2 ** k + 2 * 192;

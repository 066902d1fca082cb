import * as z from 'zod';

/** SHA-256 in lower-case hex. */
export const sha256Hex = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex')
  .meta({ description: 'SHA-256 in lower-case hex' });

/** A key, ZKIR or parameter file by its content: what it must hash to, and the S3 object that holds it. */
export const artifact = z.object({
  sha256: sha256Hex,
  object: z.string().min(1),
  /** A prover key that this deployment made, in the form that it stores keys in. */
  derived: z.literal(true).optional(),
});
export type Artifact = z.infer<typeof artifact>;

/** What proving one circuit takes besides the public parameters. */
export const circuitArtifacts = z.object({ zkir: artifact, prover: artifact, verifier: artifact });
export type CircuitArtifacts = z.infer<typeof circuitArtifacts>;

/** A file's content, without the content. */
export const digest = z.object({ sha256: sha256Hex, bytes: z.int() });
export type Digest = z.infer<typeof digest>;

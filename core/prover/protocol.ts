/** What the native prover is asked and answers (see layers/prover/README.md). Binary fields are Uint8Arrays. */
import { z } from 'zod';

/** What the prover's process exits with when it ran out of memory. */
export const OUT_OF_MEMORY_EXIT = 12;

const bytes = z.instanceof(Uint8Array);

/** A file handed over by path. The prover looks the hash up in its memory first and reads the file only if it must. */
export interface ArtifactFile {
  sha256: string;
  path: string;
  /** This deployment made the file itself: a prover key is in the stored form. */
  derived?: true;
}

interface Operations {
  info: object;
  holds: { sha256: string[] };
  inspect: { endpoint: 'prove' | 'check' | 'preimage'; body: Uint8Array; bindingInput?: string };
  transaction: { body: Uint8Array };
  k: { ir: Uint8Array };
  circuit: { ir: Uint8Array; verifier?: Uint8Array };
  check: { preimage: Uint8Array; ir: ArtifactFile };
  /** The proof that comes back is not verified yet: see `verifiedProof`. */
  prove: {
    preimage: Uint8Array;
    ir: ArtifactFile;
    prover: ArtifactFile;
    verifier: ArtifactFile;
    params: ArtifactFile;
  };
  /** All on Midnight's parameters, or all on development parameters. */
  verify: { claims: { proof: Uint8Array; verifier: ArtifactFile; statement: string[] }[]; development?: true };
  keygen: { ir: ArtifactFile; params: ArtifactFile; proverPath: string; verifierPath: string };
  adopt: { ir: ArtifactFile; prover: ArtifactFile; verifier: ArtifactFile; proverPath: string };
  /** Development parameters are made, not derived `from` others. */
  params: { k: number; path: string; from?: ArtifactFile; development?: true };
}
export type Operation = keyof Operations;
export type Arguments<O extends Operation> = Operations[O];

const digest = z.object({ sha256: z.string(), bytes: z.number() });

/** `prover` is the key as Midnight writes it, `stored` the file that was written. */
const keys = z.object({
  k: z.int(),
  provingBytes: z.int(),
  prover: digest,
  verifier: digest,
  stored: digest,
  keygenMs: z.number(),
});

export const answers = {
  info: z.object({
    proofVersions: z.array(z.string()),
    zkirVersions: z.array(z.string()),
    residentBytes: z.number(),
    peakResidentBytes: z.number(),
    cacheBytes: z.number(),
  }),
  holds: z.object({ held: z.array(z.string()) }),
  inspect: z.object({
    preimage: bytes,
    keyLocation: z.string(),
    inlined: z.object({ ir: bytes, prover: bytes.optional(), verifier: bytes.optional() }).optional(),
    k: z.int().optional(),
    provingBytes: z.int().optional(),
  }),
  transaction: z.object({
    transaction: bytes,
    keys: z.record(
      z.string(),
      z.object({ ir: bytes, prover: bytes, verifier: bytes, k: z.int(), provingBytes: z.int() }),
    ),
  }),
  k: z.object({ k: z.int() }),
  circuit: z.object({
    ir: bytes,
    sha256: z.string(),
    k: z.int(),
    provingBytes: z.int(),
    verifier: digest.optional(),
  }),
  check: z.object({ result: bytes, k: z.int() }),
  prove: z.object({
    proof: bytes,
    statement: z.array(z.string()),
    /** What was in memory took no time to read, unpack and parse. */
    timings: z.object({
      readMs: z.number(),
      unpackMs: z.number(),
      parseMs: z.number(),
      proveMs: z.number(),
    }),
    peakResidentBytes: z.number(),
  }),
  /** One for each claim. */
  verify: z.object({ verdicts: z.array(z.object({ valid: z.boolean(), reason: z.string().optional() })) }),
  keygen: keys,
  adopt: keys,
  params: digest,
} satisfies Record<Operation, z.ZodType>;
export type Answer<O extends Operation> = z.infer<(typeof answers)[O]>;

/** Every answer frame: the operation's own shape, or an error. */
export const answerFrame = z.union([
  z.object({ id: z.int(), ok: z.unknown() }),
  z.object({ id: z.int().nullish(), error: z.object({ code: z.string(), message: z.string() }) }),
]);

import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { withArtifacts } from '../../core/artifacts/at-hand.ts';
import { CorruptObjectError } from '../../core/artifacts/damage.ts';
import { asideFile } from '../../core/artifacts/local-files.ts';
import { sha256Of } from '../../core/artifacts/sha256.ts';
import { BUILT_IN_CIRCUITS } from '../../core/circuits/builtin.ts';
import { paramsFor } from '../../core/circuits/params.ts';
import { type ErrorCode, NightshiftError, publicError } from '../../core/errors.ts';
import { provingLane } from '../../core/jobs/lane-of.ts';
import { endKeys, type KeysEnding, keepKeys, keysGivenUp, leaveKeys, takeKeys } from '../../core/keys/build.ts';
import { type DerivedKeys, type KeysSource, zkirOf } from '../../core/keys/keys.ts';
import { LEASE_SECONDS } from '../../core/limits.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { renewing } from '../../core/renewal.ts';
import { deleteObject, getObject, objectOf, uploadFile } from '../../core/store/objects.ts';
import { bringParams } from './bring-params.ts';

/** What another attempt may mend. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['INTERNAL', 'TIMEOUT', 'OUT_OF_MEMORY', 'PROOF_GENERATION_FAILED']);

export interface BuildOptions {
  /** How long it may take. */
  forMs: number;
  /** There will be no other attempt: whatever goes wrong ends it. */
  isLast: boolean;
  /** That the attempt comes by, if it comes by one. */
  message?: string;
}

/**
 * Derives a circuit's keys, or looks at those that were uploaded, puts them into S3, and lets go of the jobs that wait.
 *
 * @returns how it ended; undefined if someone else is at it, or it has ended already.
 * @throws what another attempt may mend, as long as there is one.
 */
export async function buildKeys(
  source: KeysSource,
  { forMs, isLast, message }: BuildOptions,
): Promise<KeysEnding | undefined> {
  const holder = { holder: randomUUID(), message };
  if (!(await takeKeys(source.id, holder))) return undefined;
  const timeUp = AbortSignal.timeout(forMs);
  try {
    const derived = await renewing(
      LEASE_SECONDS,
      () => keepKeys(source.id, holder),
      () => derive(source, timeUp),
    );
    const ending = { state: 'ready' as const, ...derived };
    await endKeys(source, ending);
    return ending;
  } catch (error) {
    const { code, message } = publicError(error);
    if (!isLast && (timeUp.aborted || PASSING.has(code))) {
      await leaveKeys(source.id, holder);
      throw error;
    }
    // Keys that failed for a reason of ours are no fault of a job's, and nothing that repeating the job would mend.
    const known = PASSING.has(code) ? keysGivenUp : { code, message };
    const ending = { state: 'failed' as const, error: known };
    await endKeys(source, ending);
    return ending;
  }
}

async function derive(source: KeysSource, signal: AbortSignal): Promise<DerivedKeys> {
  const prover = nativeProver();
  const zkir = zkirOf(source);
  const ir = await getObject(zkir.object);
  if (!ir || sha256Of(ir) !== zkir.sha256) {
    throw new NightshiftError('INVALID_CIRCUIT', 'The stored ZKIR is damaged. Register the contract again.');
  }
  const circuit = await prover.ask('circuit', { ir }, signal);
  provingLane({ operation: 'prove', ...circuit });
  const proverPath = await asideFile(zkir);
  const verifierPath = await asideFile(zkir);
  try {
    const derived = source.readyMade
      ? await adopt(source, source.readyMade, proverPath, signal)
      : await generate(source, circuit.k, { proverPath, verifierPath }, signal);
    expectPinned(source, derived);
    await uploadFile(objectOf.key(source.id, 'prover'), proverPath);
    if (!source.readyMade) await uploadFile(objectOf.key(source.id, 'verifier'), verifierPath);
    return derived;
  } finally {
    await Promise.all([proverPath, verifierPath].map((path) => rm(path, { force: true })));
  }
}

async function generate(
  source: KeysSource,
  k: number,
  paths: { proverPath: string; verifierPath: string },
  signal: AbortSignal,
): Promise<DerivedKeys> {
  const params = paramsFor(k, source.parameters);
  const keygen = async () => {
    await bringParams(k, source.parameters, signal);
    return withArtifacts(
      nativeProver(),
      { ir: zkirOf(source), params },
      (files) => nativeProver().ask('keygen', { ...files, ...paths }, signal),
      signal,
    );
  };
  const { answer } = await keygen().catch(async (error) => {
    if (!(error instanceof CorruptObjectError) || error.artifact.object !== params.object) throw error;
    await deleteObject(params.object);
    return keygen();
  });
  return answer;
}

/** Ready-made keys have to belong together; that they are the right ones, every proof made with them shows. */
async function adopt(
  source: KeysSource,
  { prover, verifier }: NonNullable<KeysSource['readyMade']>,
  proverPath: string,
  signal: AbortSignal,
): Promise<DerivedKeys> {
  const artifacts = {
    ir: zkirOf(source),
    prover: { sha256: prover, object: objectOf.upload(prover) },
    verifier: { sha256: verifier, object: objectOf.key(source.id, 'verifier') },
  };
  const { answer } = await withArtifacts(
    nativeProver(),
    artifacts,
    (files) => nativeProver().ask('adopt', { ...files, proverPath }, signal),
    signal,
  );
  return answer;
}

/** Midnight pins the keys of the built-in circuits. */
function expectPinned({ id }: KeysSource, { prover, verifier }: DerivedKeys): void {
  const builtIn = BUILT_IN_CIRCUITS.find(({ keysId }) => keysId === id);
  if (!builtIn) return;
  const { name, pinned } = builtIn;
  if (prover.sha256 === pinned.prover && verifier.sha256 === pinned.verifier) return;
  throw new NightshiftError(
    'KEY_MISMATCH',
    `The keys of ${name} came out as ${prover.sha256} and ${verifier.sha256}; Midnight pins ${pinned.prover} and ${pinned.verifier}.`,
  );
}

/** How long proofs of each size take on one core and on all, and what they occupy. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Of } from '../../core/artifacts/sha256.ts';
import { BYTES_PER_MB } from '../../core/limits.ts';
import { NativeProver } from '../../core/prover/native-prover.ts';
import type { ArtifactFile } from '../../core/prover/protocol.ts';
import { verifiedProof } from '../../core/prover/verified-proof.ts';
import type { ProvingTimes } from '../../core/proving-times.ts';
import { PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';
import { sizedCircuit } from '../../test/generator/sized-circuit.ts';

export interface Measurement extends ProvingTimes {
  keygenSeconds: number;
  /** Peak resident memory of the prover. */
  peakMb: { proving: number; keygen: number };
  estimatedMb: number;
  /** Keys and parameters on disk. */
  diskMb: number;
}

const CORES = availableParallelism();

/** Measures circuits of size k = from … to, one after the other, on development parameters. */
export async function* measure(from: number, to: number): AsyncGenerator<Measurement> {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-tune-'));
  try {
    for (let k = from; k <= to; k++) yield await measureSize(k, folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measureSize(k: number, folder: string): Promise<Measurement> {
  const { zkir, preimage } = await sizedCircuit(k);
  const paths = { zkir: 'zkir', params: 'params', prover: 'prover', verifier: 'verifier' };
  const pathOf = (name: keyof typeof paths) => join(folder, paths[name]);
  await writeFile(pathOf('zkir'), zkir);
  const ir: ArtifactFile = { sha256: sha256Of(zkir), path: pathOf('zkir') };

  const maker = await proverOn(CORES, folder);
  const written = await maker.ask('params', { k, path: pathOf('params'), development: true });
  await maker.stop();
  const params: ArtifactFile = { sha256: written.sha256, path: pathOf('params') };

  const deriver = await proverOn(CORES, folder);
  const keys = await deriver.ask('keygen', {
    ir,
    params,
    proverPath: pathOf('prover'),
    verifierPath: pathOf('verifier'),
  });
  const keygenPeak = (await deriver.ask('info', {})).peakResidentBytes;
  await deriver.stop();

  const request = {
    preimage,
    ir,
    params,
    prover: { sha256: keys.stored.sha256, path: pathOf('prover'), derived: true as const },
    verifier: { sha256: keys.verifier.sha256, path: pathOf('verifier') },
  };
  const { coldSeconds, seconds: all, peakBytes } = await proveOn(CORES, folder, request);
  const { seconds: one } = await proveOn(1, folder, request);
  return {
    k,
    cores: CORES,
    seconds: { one, all },
    coldSeconds,
    keygenSeconds: keys.keygenMs / 1000,
    peakMb: { proving: inMb(peakBytes), keygen: inMb(keygenPeak) },
    estimatedMb: inMb(keys.provingBytes),
    diskMb: inMb(keys.stored.bytes + written.bytes),
  };
}

type Request = Parameters<typeof NativeProver.prototype.ask<'prove'>>[1];

/** Two proofs by a prover of its own: the first with everything to load, the second with all at hand. */
async function proveOn(cores: number, folder: string, request: Request) {
  const prover = await proverOn(cores, folder);
  try {
    const start = performance.now();
    await verifiedProof(prover, request, 'development');
    const coldSeconds = (performance.now() - start) / 1000;
    const { timings, verifyMs, peakResidentBytes } = await verifiedProof(prover, request, 'development');
    return { coldSeconds, seconds: (timings.proveMs + verifyMs) / 1000, peakBytes: peakResidentBytes };
  } finally {
    await prover.stop();
  }
}

/** A prover that sees only so many cores; its thread pools go by that. */
async function proverOn(cores: number, folder: string): Promise<NativeProver> {
  const executable = join(folder, `prover-on-${cores}`);
  await writeFile(executable, `#!/bin/sh\nexec taskset --cpu-list 0-${cores - 1} '${PROVER_EXECUTABLE}' "$@"\n`);
  await chmod(executable, 0o755);
  return new NativeProver(executable);
}

const inMb = (bytes: number): number => Math.ceil(bytes / BYTES_PER_MB);

/** The way to a first proof, by the form that the prover key is stored in. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { sha256OfFile } from '../core/artifacts/sha256.ts';
import { BYTES_PER_MB } from '../core/limits.ts';
import { NativeProver } from '../core/prover/native-prover.ts';
import type { ArtifactFile } from '../core/prover/protocol.ts';
import { verifiedProof } from '../core/prover/verified-proof.ts';
import { PROVER_EXECUTABLE } from '../infra/prover-executable.ts';
import { irFile } from '../test/generator/circuits.ts';
import { recordedPreimage } from '../test/generator/recorded.ts';
import { median, printTable } from './figures.ts';

const CIRCUITS = [
  { circuit: 'fallible/count', k: 6, preimage: 'fallible-count' },
  { circuit: 'simple-merkle-tree/store', k: 13, preimage: 'smt-store-12' },
  { circuit: 'midnight/zswap/output', k: 14, preimage: 'zswap-output-user' },
  { circuit: 'midnight/zswap/spend', k: 15, preimage: 'zswap-spend-user-1' },
];
const ROUNDS = 5;

/** From S3 to a Lambda, in the middle of what is reported (50 to 90 MB/s). Transfers are computed, not made. */
const TRANSFER_MB_PER_SECOND = 70;

interface Files {
  ir: ArtifactFile;
  params: ArtifactFile;
  verifier: ArtifactFile;
  /** The prover key as Midnight writes it. */
  midnights: ArtifactFile;
  /** The prover key in the stored form. */
  stored: ArtifactFile;
}

/**
 * Prints, for each circuit and form: the start of the prover's process, the transfer of all files, loading, and the first
 * proof. All on development parameters. The two forms that the prover reads take turns, each time in a new process. It does
 * not read an unpacked key, nor one under zstd: their parsing is taken to be that of the key as Midnight writes it, which
 * is too much by the look that is taken at a client's key (some 50 ms at k = 14).
 */
export async function benchCold(): Promise<void> {
  const rows = [];
  for (const { circuit, k, preimage } of CIRCUITS) {
    console.error(`${circuit} (k=${k}), ${ROUNDS} cold starts of each form …`);
    const folder = await mkdtemp(join(tmpdir(), 'nightshift-bench-'));
    try {
      rows.push(...(await measure(k, await makeFiles(circuit, k, folder), recordedPreimage(preimage))));
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  printTable(
    ['k', 'prover key', 'key MB', 'start', 'fetch', 'read', 'unpack', 'parse', 'before proving', 'prove and verify'],
    rows,
  );
}

async function makeFiles(circuit: string, k: number, folder: string): Promise<Files> {
  const maker = new NativeProver(PROVER_EXECUTABLE);
  const file = async (path: string): Promise<ArtifactFile> => ({ sha256: await sha256OfFile(path), path });
  const [params, midnights, stored, verifier] = ['params', 'midnights', 'stored', 'verifier'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  const ir = irFile(circuit);
  await maker.ask('params', { k, path: params, development: true });
  const keygen = { ir: await file(ir), params: await file(params), proverPath: stored, verifierPath: verifier };
  await maker.ask('keygen', keygen);
  await maker.stop();
  const keygenArguments = ['keygen', '--ir', ir, '--params', params, '--prover', midnights, '--verifier', verifier];
  await promisify(execFile)(PROVER_EXECUTABLE, keygenArguments);
  return {
    ir: keygen.ir,
    params: keygen.params,
    verifier: await file(verifier),
    midnights: await file(midnights),
    stored: { ...(await file(stored)), derived: true },
  };
}

async function measure(k: number, { midnights, stored, ...others }: Files, preimage: Uint8Array) {
  const asMidnights: Cold[] = [];
  const asStored: Cold[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    asMidnights.push(await firstProof({ preimage, ...others, prover: midnights }));
    asStored.push(await firstProof({ preimage, ...others, prover: stored }));
  }
  const { size: midnightsBytes } = await stat(midnights.path);
  const unpacked = await unpack(midnights.path);
  const packed = zstdCompressSync(unpacked);
  const unpackings = Array.from({ length: ROUNDS }, () => millisecondsOf(() => zstdDecompressSync(packed)));
  const othersBytes = await totalBytes(Object.values(others));
  const row = (form: string, keyBytes: number, cold: Cold) => {
    const fetchMs = ((keyBytes + othersBytes) / BYTES_PER_MB / TRANSFER_MB_PER_SECOND) * 1000;
    const { startMs, readMs, unpackMs, parseMs, proveMs } = cold;
    const before = startMs + fetchMs + readMs + unpackMs + parseMs;
    return [k, form, keyBytes / BYTES_PER_MB, startMs, fetchMs, readMs, unpackMs, parseMs, before, proveMs];
  };
  const parsed = middle(asMidnights);
  return [
    row('as Midnight writes it', midnightsBytes, parsed),
    row('unpacked', unpacked.length, { ...parsed, unpackMs: 0 }),
    row('zstd', packed.length, { ...parsed, unpackMs: median(unpackings) }),
    row('stored form', (await stat(stored.path)).size, middle(asStored)),
  ];
}

type Cold = Record<'startMs' | 'readMs' | 'unpackMs' | 'parseMs' | 'proveMs', number>;

/** In a prover of its own. */
async function firstProof(request: Parameters<typeof NativeProver.prototype.ask<'prove'>>[1]): Promise<Cold> {
  const prover = new NativeProver(PROVER_EXECUTABLE);
  try {
    const start = performance.now();
    await prover.ask('info', {});
    const startMs = performance.now() - start;
    const { timings, verifyMs } = await verifiedProof(prover, request, 'development');
    const { readMs, unpackMs, parseMs, proveMs } = timings;
    return { startMs, readMs, unpackMs, parseMs, proveMs: proveMs + verifyMs };
  } finally {
    await prover.stop();
  }
}

const middle = (colds: Cold[]): Cold => {
  const of = (phase: keyof Cold) => median(colds.map((cold) => cold[phase]));
  return {
    startMs: of('startMs'),
    readMs: of('readMs'),
    unpackMs: of('unpackMs'),
    parseMs: of('parseMs'),
    proveMs: of('proveMs'),
  };
};

/** The columns of a prover key file: what is compressed behind its tag and length. */
async function unpack(path: string): Promise<Buffer> {
  const GZIP = Buffer.from([0x1f, 0x8b]);
  const file = await readFile(path);
  return gunzipSync(file.subarray(file.indexOf(GZIP)));
}

function millisecondsOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const totalBytes = async (files: ArtifactFile[]): Promise<number> =>
  (await Promise.all(files.map(({ path }) => stat(path)))).reduce((sum, { size }) => sum + size, 0);

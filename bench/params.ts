/** Public parameters: derived from larger ones, or downloaded. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Of } from '../core/artifacts/sha256.ts';
import { proverConfig } from '../core/config.ts';
import { BYTES_PER_MB } from '../core/limits.ts';
import { NativeProver } from '../core/prover/native-prover.ts';
import { uploadStream } from '../core/store/objects.ts';
import { download } from '../functions/prefetch/download.ts';
import { serve, startParameterSource } from '../test/stack/parameter-source.ts';
import { median, printTable } from './figures.ts';

/** What all others are derived from; development parameters, since the prover carries Midnight's for 14 only. */
const LARGEST = 17;
const SIZES = [11, 12, 13, 14, 15];
const DOWNLOADS = 5;

/**
 * Prints what deriving takes, what a download takes from a source on this machine through the very stream that prefetch
 * uses into S3, and the rate of a network at which both take the same.
 */
export async function benchParams(): Promise<void> {
  const prover = new NativeProver(proverConfig().PROVER_PATH);
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-bench-'));
  const rows: (string | number)[][] = [];
  try {
    const largest = join(folder, 'largest');
    const { sha256 } = await prover.ask('params', { k: LARGEST, path: largest, development: true });
    const from = { sha256, path: largest };
    // The larger ones are read before anything is measured.
    await prover.ask('params', { k: 0, path: join(folder, '0'), from });
    for (const k of SIZES) {
      const path = join(folder, `${k}`);
      const deriveMs = await msOf(() => prover.ask('params', { k, path, from }));
      const file = await readFile(path);
      const downloadMs = await medianDownloadMs(file);
      const megabytes = file.length / BYTES_PER_MB;
      rows.push([k, megabytes, Math.round(deriveMs), Math.round(downloadMs), megabytes / (deriveMs / 1000)]);
    }
  } finally {
    await prover.stop();
    await rm(folder, { recursive: true });
  }
  printTable(['k', 'MB', 'derive ms', 'download ms', 'as fast at MB/s'], rows);
}

async function medianDownloadMs(file: Uint8Array): Promise<number> {
  const source = await startParameterSource((request, response) => serve(request, response, { file }));
  const expected = { sha256: sha256Of(file), bytes: file.length };
  const { signal } = new AbortController();
  const url = new URL(source.url);
  const times: number[] = [];
  for (let nth = 0; nth < DOWNLOADS; nth++) {
    times.push(await msOf(() => uploadStream(`params/${randomUUID()}`, download(url, expected, signal))));
  }
  await source.close();
  return median(times);
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

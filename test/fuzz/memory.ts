/** What the fuzzed processes occupy, and how often the native prover had to be started. */
import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';

/** Megabytes. */
export interface Memory {
  /** Resident in the native prover, without the artifacts that it caches. */
  prover: number;
  /** Resident in this process, garbage collected. */
  handlers: number;
}

const BYTES_PER_MB = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

export async function measureMemory(): Promise<Memory> {
  collectGarbage();
  const { residentBytes, cacheBytes } = await nativeProver().ask('info', {});
  const megabytes = (bytes: number) => Math.round(bytes / BYTES_PER_MB);
  return { prover: megabytes(residentBytes - cacheBytes), handlers: megabytes(process.memoryUsage.rss()) };
}

const started: ChildProcess[] = [];
// Node says so of each child before it is known what it runs.
subscribe('child_process', (message) => started.push((message as { process: ChildProcess }).process));

/** How many native provers this process has started so far. */
export const proversStarted = (): number =>
  started.filter(({ spawnfile, spawnargs }) => spawnfile === PROVER_EXECUTABLE && spawnargs[1] === 'serve').length;

/** Starts and ends the emulated AWS (ministack), a process group of its own with the functions' processes in it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { REGION } from './aws.ts';
import { type EmulatorFiles, endLeftOver, filesIn, prepareState, type Trace } from './emulator-state.ts';
import { LocalError } from './error.ts';
import { NPM_BIN } from './paths.ts';
import { signalGroup } from './process.ts';
import type { Report } from './progress.ts';
import { installPython } from './python.ts';

export interface Emulator {
  endpoint: string;
  /** The process group of the emulator and of all that it started. */
  group: number;
  /** Resolves once it ended without having been told to. */
  crashed: Promise<LocalError>;
  /** Ends it, its state saved. */
  stop(): Promise<void>;
}

const REQUIREMENTS = join(import.meta.dirname, 'emulator.txt');
const START_MS = 30_000;
const POLL_MS = 50;
const STOP_MS = 10_000;
const LOG_TAIL_CHARS = 2_000;

/** @returns the Python that it runs on. */
export async function installEmulator(report: Report, signal: AbortSignal): Promise<string> {
  return join(await installPython('emulator', REQUIREMENTS, report, signal), 'python');
}

/**
 * @param stateDir holds everything: the emulated services' data, temporary files, the log. One emulator at a time.
 * @param script runs it, if not as it is.
 */
export async function startEmulator(
  python: string,
  stateDir: string,
  signal: AbortSignal,
  script = join(import.meta.dirname, 'emulator.py'),
): Promise<Emulator> {
  const files = filesIn(stateDir);
  await endLeftOver(files.trace);
  const port = await prepareState(files);

  const log = await open(files.log, 'w');
  const child = spawn(python, [script, files.saved], {
    cwd: stateDir,
    env: environment(files, port),
    stdio: ['pipe', log.fd, log.fd],
    detached: true,
  });
  const exit = once(child, 'exit');
  await once(child, 'spawn');
  await log.close();
  const group = child.pid as number;
  await writeFile(files.trace, JSON.stringify({ owner: process.pid, group } satisfies Trace));

  let stopping = false;
  const stop = async () => {
    stopping = true;
    child.kill('SIGTERM');
    await Promise.race([exit, delay(STOP_MS, undefined, { ref: false })]);
    signalGroup(group, 'SIGKILL');
    await exit;
    await rm(files.trace, { force: true });
  };
  const crashed = new Promise<LocalError>((resolve) => {
    exit.then(async () => {
      if (!stopping) resolve(new LocalError('EMULATOR_FAILED', `The emulated AWS ended. ${await tailOf(files.log)}`));
    });
  });

  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await Promise.race([untilHealthy(endpoint, signal), crashed.then((error) => Promise.reject(error))]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, group, crashed, stop };
}

/** An emulated AWS that somebody else started: it is neither watched nor ended. */
export async function useEmulator(endpoint: string): Promise<Pick<Emulator, 'endpoint' | 'crashed'>> {
  await fetch(endpoint).catch(() => {
    const how = 'Start what should, or unset the variable';
    throw new LocalError('EMULATOR_FAILED', `Nothing answers at AWS_ENDPOINT_URL=${endpoint}. ${how}.`);
  });
  return { endpoint, crashed: new Promise(() => {}) };
}

/** Only what is named here reaches the emulator and with it the functions: nobody's AWS profile or Node options. */
function environment(files: EmulatorFiles, port: number): NodeJS.ProcessEnv {
  return {
    PATH: [NPM_BIN, process.env.PATH].join(delimiter),
    HOME: process.env.HOME,
    LANG: 'C.UTF-8',
    BIND_HOST: '127.0.0.1',
    MINISTACK_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    MINISTACK_REGION: REGION,
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    PERSIST_STATE: '1',
    STATE_DIR: files.services,
    S3_PERSIST: '1',
    S3_DATA_DIR: files.objects,
    TMPDIR: files.temporary,
  };
}

async function untilHealthy(endpoint: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    const answer = await fetch(`${endpoint}/_ministack/health`, { signal }).catch(() => undefined);
    signal.throwIfAborted();
    if (answer?.ok) return;
    await delay(POLL_MS, undefined, { signal });
  }
  throw new LocalError('EMULATOR_FAILED', `The emulated AWS did not answer within ${START_MS / 1000} s.`);
}

async function tailOf(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '');
  return `Its log ${log} ends with:\n${text.slice(-LOG_TAIL_CHARS)}`;
}

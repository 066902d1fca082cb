/** What the emulated AWS finds when it starts: no predecessor, and a state that fits together. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalError } from './error.ts';
import { freePort } from './free-port.ts';
import { commandsInGroup, signalGroup } from './process.ts';

const POLL_MS = 50;
const END_MS = 10_000;

export function filesIn(stateDir: string) {
  return {
    trace: join(stateDir, 'emulator.json'),
    log: join(stateDir, 'emulator.log'),
    saved: join(stateDir, 'emulator.saved'),
    services: join(stateDir, 'services'),
    objects: join(stateDir, 'objects'),
    temporary: join(stateDir, 'tmp'),
  };
}

export type EmulatorFiles = ReturnType<typeof filesIn>;

/** What a run leaves for the next one to find if it crashes. */
export interface Trace {
  /** The process that started the emulator. */
  owner: number;
  group: number;
}

/** Ends what a crashed run left. Refuses if that run is alive. */
export async function endLeftOver(traceFile: string): Promise<void> {
  const trace = await readFile(traceFile, 'utf8').then(
    (text) => JSON.parse(text) as Trace,
    () => undefined,
  );
  if (!trace) return;
  // A process id may have been given to somebody else since.
  const commands = await commandsInGroup(trace.group);
  if (!commands.some((command) => command.includes('emulator.py') || command.includes('ministack-lambda-'))) return;
  if (isAlive(trace.owner)) {
    throw new LocalError('ALREADY_RUNNING', `A local stack is running already. Stop it first: kill ${trace.owner}.`);
  }
  signalGroup(trace.group, 'SIGTERM');
  const deadline = Date.now() + END_MS;
  while (Date.now() < deadline && (await commandsInGroup(trace.group)).length > 0) await delay(POLL_MS);
  signalGroup(trace.group, 'SIGKILL');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Keeps the state of an orderly end, drops that of a crash: services are saved at the end only, objects at once, so they
 * would not fit together. Returns the port to listen on.
 */
export async function prepareState(files: EmulatorFiles): Promise<number> {
  const savedPort = Number(await readFile(files.saved, 'utf8').catch(() => 0));
  const port = await freePort(savedPort);
  if (port !== savedPort) await Promise.all([files.services, files.objects].map(remove));
  await remove(files.saved);
  await mkdir(files.temporary, { recursive: true });
  const leftOver = (await readdir(files.temporary)).filter((name) => name.startsWith('ministack-lambda-'));
  await Promise.all(leftOver.map((name) => remove(join(files.temporary, name))));
  // Functions run from there, started by a CommonJS script; the project around it is of type "module".
  await writeFile(join(files.temporary, 'package.json'), JSON.stringify({ type: 'commonjs' }));
  return port;
}

function remove(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}

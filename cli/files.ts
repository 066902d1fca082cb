/** Files that the person at the keyboard names; `-` is stdin or stdout. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { CliError, EXIT, wrongUse } from './error.ts';

const STANDARD = '-';

/** @throws CliError FILE_NOT_READABLE */
export async function readNamed(path: string, signal: AbortSignal): Promise<Buffer> {
  try {
    if (path === STANDARD) return await buffer(addAbortSignal(signal, process.stdin));
    return await readFile(path, { signal });
  } catch (error) {
    signal.throwIfAborted();
    const reason = `${nameOf(path)} can't be read: ${(error as Error).message}.`;
    throw new CliError('FILE_NOT_READABLE', EXIT.wrongUse, reason, { cause: error });
  }
}

export interface Destination {
  path: string;
  /** Whether a file that is there may be overwritten. */
  force?: boolean;
}

/**
 * Looks before the work is done whether its result will have a place.
 *
 * @throws CliError FILE_EXISTS; WRONG_USE if bytes would go to a terminal.
 */
export async function expectPlace({ path, force }: Destination): Promise<void> {
  if (path === STANDARD) {
    if (process.stdout.isTTY) throw wrongUse('What comes out is binary: name a file with --out, or use a pipe.');
    return;
  }
  if (!force && (await stat(path).catch(() => undefined))) throw alreadyThere(path);
}

/** @throws CliError FILE_EXISTS, FILE_NOT_WRITABLE */
export async function save(bytes: Uint8Array, { path, force }: Destination): Promise<void> {
  if (path === STANDARD) {
    process.stdout.write(bytes);
    return;
  }
  try {
    await writeFile(path, bytes, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw alreadyThere(path);
    throw new CliError('FILE_NOT_WRITABLE', EXIT.wrongUse, `${path} can't be written: ${message}.`, { cause: error });
  }
}

/** As messages name it. */
export const nameOf = (path: string): string => (path === STANDARD ? 'stdin' : path);

/** @param ending put after the name of the file that something was made from */
export const besides = (path: string, ending: string): string => (path === STANDARD ? STANDARD : path + ending);

const alreadyThere = (path: string): CliError =>
  new CliError('FILE_EXISTS', EXIT.wrongUse, `${path} is there already. Name another with --out, or add --force.`);

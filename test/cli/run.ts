/** `nightshift` as its users start it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';

export interface Run {
  code: number;
  stdout: string;
  /** What went to stdout, as it is. */
  bytes: Buffer;
  stderr: string;
}

export interface Started {
  child: ChildProcessWithoutNullStreams;
  /** Until the command has ended by itself or by a signal. */
  ended: Promise<Run>;
}

/** Starts the command, with pipes for a terminal. @param input what it reads from stdin */
export function start(args: string[], env: NodeJS.ProcessEnv = {}, input: Uint8Array | string = ''): Started {
  const child = spawn(process.execPath, ['cli/nightshift.ts', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NIGHTSHIFT_URL: undefined, NIGHTSHIFT_API_KEY: undefined, FORCE_COLOR: undefined, ...env },
  });
  // It may end without having read it.
  child.stdin.on('error', () => undefined).end(input);
  const ended = Promise.all([buffer(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { child, ended: ended.then(([bytes, stderr, [code]]) => ({ code, bytes, stdout: `${bytes}`, stderr })) };
}

/** Runs the command to its end. */
export const nightshift = (args: string[], env?: NodeJS.ProcessEnv, input?: Uint8Array | string): Promise<Run> =>
  start(args, env, input).ended;

/** Waits until a stream of the command has said that. @returns what it had said by then. */
export async function said(stream: Readable, words: RegExp): Promise<string> {
  let soFar = '';
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const listen = (chunk: Buffer) => {
    soFar += chunk.toString();
    if (words.test(soFar)) resolve(soFar);
  };
  stream.on('data', listen);
  stream.once('end', () => reject(new Error(`It ended and had said: ${soFar}`)));
  return promise.finally(() => stream.off('data', listen));
}

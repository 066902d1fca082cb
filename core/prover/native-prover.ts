/** The native prover as a long-lived child process: one per execution environment, one request at a time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { proverConfig } from '../config.ts';
import { isErrorCode, NightshiftError } from '../errors.ts';
import { OutOfMemoryError, ProverDiedError } from './failures.ts';
import { framesOf, toFrame } from './frames.ts';
import { type Answer, type Arguments, answerFrame, answers, type Operation, OUT_OF_MEMORY_EXIT } from './protocol.ts';

/** The prover was handed a file that does not hash to its name. Not for users: the caller fetches it again. */
export class CorruptArtifactError extends Error {
  override readonly name = 'CorruptArtifactError';
}

/** How long a child whose output has ended may take to exit. */
const EXIT_GRACE_MS = 1000;

interface Child {
  process: ChildProcess;
  messages: AsyncGenerator<unknown>;
}

export class NativeProver {
  readonly #path: string;
  #child: Child | undefined;
  #lastId = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Asks the prover. Requests queue up behind each other.
   *
   * @param signal when it aborts, the child is killed; the next request starts a new one.
   * @throws NightshiftError with the prover's code; TIMEOUT on abort; OUT_OF_MEMORY if the child died of that, INTERNAL
   *   if it could not be started. ProverDiedError if it died otherwise. CorruptArtifactError if a file is not what its
   *   hash says.
   */
  ask<O extends Operation>(operation: O, args: Arguments<O>, signal?: AbortSignal): Promise<Answer<O>> {
    const answer = this.#turn.then(() => this.#askNow(operation, args, signal));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  /** Ends the child, if there is one. */
  async stop(): Promise<void> {
    const child = this.#child?.process;
    this.#child = undefined;
    if (!child?.pid || hasExited(child)) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  async #askNow<O extends Operation>(operation: O, args: Arguments<O>, signal?: AbortSignal): Promise<Answer<O>> {
    if (signal?.aborted) throw timedOut();
    // A child that died between two requests is nobody's failure.
    if (!this.#child || hasExited(this.#child.process)) this.#child = start(this.#path);
    const { process, messages } = this.#child;
    const kill = () => process.kill('SIGKILL');
    signal?.addEventListener('abort', kill, { once: true });
    try {
      const id = ++this.#lastId;
      process.stdin?.write(toFrame({ id, op: operation, ...args }));
      const { value, done } = await messages.next().catch(() => ({ value: undefined, done: true }));
      if (done) throw await this.#death(signal);
      return read(operation, id, value);
    } finally {
      signal?.removeEventListener('abort', kill);
    }
  }

  async #death(signal?: AbortSignal): Promise<NightshiftError> {
    const child = this.#child?.process;
    this.#child = undefined;
    if (signal?.aborted) return timedOut();
    if (child?.pid === undefined) return new NightshiftError('INTERNAL', 'The prover could not be started.');
    // Its output ended, or made no sense: if it lives on, it is of no use.
    let killed = false;
    const kill = setTimeout(() => {
      killed = child.kill('SIGKILL');
    }, EXIT_GRACE_MS);
    if (!hasExited(child)) await once(child, 'exit');
    clearTimeout(kill);
    // It says so if it met its own limit. If the machine's memory runs out first, the kernel kills it.
    const ranOut = child.exitCode === OUT_OF_MEMORY_EXIT || (child.signalCode === 'SIGKILL' && !killed);
    return ranOut ? new OutOfMemoryError() : new ProverDiedError();
  }
}

const hasExited = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

const timedOut = () => new NightshiftError('TIMEOUT', 'The proof took longer than its lane allows.');

function start(path: string): Child {
  const process = spawn(path, ['serve'], { stdio: ['pipe', 'pipe', 'ignore'] });
  // A failed start or a broken pipe shows as the end of the messages, where it is handled.
  process.on('error', () => process.stdout?.destroy());
  process.stdin.on('error', () => undefined);
  return { process, messages: framesOf(process.stdout) };
}

function read<O extends Operation>(operation: O, id: number, message: unknown): Answer<O> {
  const frame = answerFrame.parse(message);
  if ('error' in frame) {
    const { code, message: text } = frame.error;
    if (code === 'ARTIFACT_CORRUPT') throw new CorruptArtifactError(text);
    throw new NightshiftError(isErrorCode(code) ? code : 'INTERNAL', text);
  }
  if (frame.id !== id) throw new Error('the prover answered another request');
  return answers[operation].parse(frame.ok) as Answer<O>;
}

let shared: NativeProver | undefined;

/** This execution environment's prover. */
export function nativeProver(): NativeProver {
  shared ??= new NativeProver(proverConfig().PROVER_PATH);
  return shared;
}

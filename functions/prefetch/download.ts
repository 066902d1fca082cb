/** Files whose size and hash are known, over HTTP that may break off, stall or lie. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import pRetry, { AbortError } from 'p-retry';
import type { Digest } from '../../core/artifacts/artifact.ts';
import { DOWNLOAD_IDLE_SECONDS, DOWNLOAD_PAUSE_MS, DOWNLOAD_RETRIES } from '../../core/limits.ts';

/** A connection that brought this much was worth its try: the next one follows at once. */
const PROGRESS_BYTES = 2 ** 20;

/** What answers by these is worth asking again. */
const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/**
 * Downloads a file, going on where a connection broke off.
 *
 * @returns a stream that ends well only if all came and has the hash. It fails with a reason that can be shown, and
 *   never gives more bytes than expected.
 */
export function download(url: URL, expected: Digest, signal: AbortSignal): Readable {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const transfer = new Transfer(url, expected, writable.getWriter(), signal);
  void transfer.run();
  return Readable.fromWeb(readable);
}

class Transfer {
  readonly #url: URL;
  readonly #expected: Digest;
  readonly #sink: WritableStreamDefaultWriter<Uint8Array>;
  readonly #signal: AbortSignal;
  readonly #hash = createHash('sha256');
  /** Bytes that came so far. */
  #position = 0;
  #answered = false;
  /** What the source calls the version of the file that these bytes are of. */
  #version: string | undefined;

  constructor(url: URL, expected: Digest, sink: WritableStreamDefaultWriter<Uint8Array>, signal: AbortSignal) {
    this.#url = url;
    this.#expected = expected;
    this.#sink = sink;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    let before = 0;
    try {
      await pRetry(() => this.#attempt(), {
        retries: DOWNLOAD_RETRIES,
        minTimeout: DOWNLOAD_PAUSE_MS,
        randomize: true,
        signal: this.#signal,
        // Nobody may be there at all: whoever starts a stack without a network should not wait for long.
        shouldRetry: ({ attemptNumber }) => this.#answered || attemptNumber < 2,
        shouldConsumeRetry: () => this.#position - before < PROGRESS_BYTES,
        onFailedAttempt: () => {
          before = this.#position;
        },
      });
      const sha256 = this.#hash.digest('hex');
      if (sha256 !== this.#expected.sha256) {
        throw new Error(`what came has SHA-256 ${sha256}, and should have ${this.#expected.sha256}`);
      }
      await this.#sink.close();
    } catch (error) {
      const reason = this.#signal.aborted ? new Error('the time was up before all had come') : error;
      // Whoever reads is told; if nobody reads any more, there is nobody to tell.
      await this.#sink.abort(reason).catch(() => undefined);
    }
  }

  /** One connection. @throws AbortError if another one would come to the same. */
  async #attempt(): Promise<void> {
    const connection = new AbortController();
    const signal = AbortSignal.any([this.#signal, connection.signal]);
    try {
      const headers = this.#headers();
      const response = await unlessIdle(fetch(this.#url, { headers, signal }), connection);
      this.#answered = true;
      let skipped = this.#position - this.#startOf(response);
      if (!response.body) throw new AbortError('it answered without a body');
      const chunks = response.body[Symbol.asyncIterator]();
      for (;;) {
        const { value, done } = await unlessIdle(chunks.next(), connection);
        if (done) break;
        const chunk = value.subarray(Math.min(skipped, value.length));
        skipped -= value.length - chunk.length;
        await this.#take(chunk);
      }
    } finally {
      connection.abort();
    }
    if (this.#position < this.#expected.bytes) {
      throw new Error(`it broke off after ${this.#position} of ${this.#expected.bytes} bytes`);
    }
  }

  /** Asks for what is missing, and for the bytes as they are: a packed file has other sizes and ranges. */
  #headers(): Record<string, string> {
    return {
      'accept-encoding': 'identity',
      ...(this.#position > 0 && {
        range: `bytes=${this.#position}-`,
        ...(this.#version && { 'if-range': this.#version }),
      }),
    };
  }

  /** Where in the file the answer's body begins: at 0 if the source ignores ranges, or has another version by now. */
  #startOf({ status, headers }: Response): number {
    if (isPassing(status)) throw new Error(`it answered ${status}`);
    if (status !== 200 && status !== 206) throw new AbortError(`it answered ${status}`);
    const start = status === 206 ? Number(headers.get('content-range')?.match(/^bytes (\d+)-/)?.[1]) : 0;
    if (status === 206 && start !== this.#position)
      throw new AbortError('it answered another range than was asked for');
    const length = headers.get('content-length');
    if (length !== null && start + Number(length) !== this.#expected.bytes) {
      throw new AbortError(`it has ${start + Number(length)} bytes, and should have ${this.#expected.bytes}`);
    }
    const version = versionOf(headers);
    if (this.#version && version !== this.#version) throw new AbortError('it was replaced by another while it came');
    this.#version = version;
    return start;
  }

  async #take(chunk: Uint8Array): Promise<void> {
    if (this.#position + chunk.length > this.#expected.bytes) {
      throw new AbortError(`it has more than the ${this.#expected.bytes} bytes that it should have`);
    }
    this.#hash.update(chunk);
    this.#position += chunk.length;
    // Waits for the reader; if that has gone, so has the reason to go on.
    await this.#sink.write(chunk).catch((error) => {
      throw new AbortError(error);
    });
  }
}

/** What a source calls a file's present content, if that is exact enough to put together parts of it. */
function versionOf(headers: Headers): string | undefined {
  const entityTag = headers.get('etag');
  return entityTag && !entityTag.startsWith('W/') ? entityTag : (headers.get('last-modified') ?? undefined);
}

/**
 * What the source gives, unless it keeps silent for too long: then the connection is given up.
 *
 * @throws Error that says what was wrong, with nothing of the URL in it.
 */
async function unlessIdle<T>(awaited: Promise<T>, connection: AbortController): Promise<T> {
  const seconds = DOWNLOAD_IDLE_SECONDS;
  const timer = setTimeout(() => connection.abort(new Error(`nothing came for ${seconds} s`)), seconds * 1000);
  try {
    return await awaited;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // `fetch` says only that it failed; the reason is behind it.
    throw new Error(error.cause instanceof Error ? error.cause.message : 'the connection failed', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** The way to one deployment: where it is, who asks, and what answers must look like. */
import type * as z from 'zod';
import { API_KEY_HEADER } from '../core/access/header.ts';
import { NightshiftError } from './error.ts';
import { type Answer, type Fetch, type Request, send } from './http.ts';

export interface ConnectionOptions {
  /** Where the deployment answers; a path in it is kept. */
  url: string | URL;
  /** Sent as X-API-Key. */
  apiKey?: string;
  /** Sent with every request. */
  headers?: Record<string, string>;
  /** Takes the place of the global one. */
  fetch?: Fetch;
}

export interface Question {
  method?: string;
  query?: Record<string, string | number | readonly string[] | undefined>;
  /** A body of JSON. */
  json?: unknown;
  /** A body of tagged bytes. */
  bytes?: Uint8Array;
  idempotencyKey?: string;
  /** The job that it is about. */
  jobId?: string;
  signal?: AbortSignal;
  /** Once it is sent, the signal does not end it. */
  seenThrough?: boolean;
  /** Free to be asked again: once the server has answered anything, a broken connection is waited for. */
  patient?: boolean;
  /** That the queue is full is the answer, and not waited for. */
  failsWhenFull?: boolean;
  /** It is not sent again later than this. */
  retryForMs?: number;
}

/** Longer than API Gateway lets anything take, and a few megabytes take on the way there. */
const REQUEST_TIMEOUT_MS = 60_000;

const JSON_TYPE = 'application/json';
const BYTES_TYPE = 'application/octet-stream';

export class Connection {
  readonly fetch: Fetch | undefined;
  readonly #url: string;
  readonly #headers: Headers;
  #hasAnswered = false;

  /** @throws TypeError if the URL is none, or a header can't be one. */
  constructor({ url, apiKey, headers, fetch }: ConnectionOptions) {
    const { origin, pathname } = new URL(url);
    this.#url = origin + pathname.replace(/\/+$/, '');
    this.#headers = new Headers(headers);
    if (apiKey !== undefined) this.#headers.set(API_KEY_HEADER, apiKey);
    this.fetch = fetch;
  }

  /** @throws as `send` does; UNEXPECTED_ANSWER if it is not of that shape. */
  async ask<S extends z.ZodType>(answer: S, path: string, question: Question = {}): Promise<z.infer<S>> {
    const body = await this.#send(path, JSON_TYPE, question);
    const { success, data } = answer.safeParse(jsonIn(body));
    if (success) return data;
    const message = `${this.#url}${path} answers otherwise than this version of Nightshift. Is the address right?`;
    throw new NightshiftError('UNEXPECTED_ANSWER', message, { jobId: question.jobId });
  }

  /** @throws as `send` does. */
  askForBytes(path: string, question: Question = {}): Promise<Uint8Array> {
    return this.#send(path, BYTES_TYPE, question);
  }

  async #send(path: string, accept: string, question: Question): Promise<Uint8Array> {
    const { query = {}, json, bytes, idempotencyKey, patient = false, ...rest } = question;
    const headers = new Headers(this.#headers);
    headers.set('accept', accept);
    if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
    if (json !== undefined) headers.set('content-type', JSON_TYPE);
    if (bytes !== undefined) headers.set('content-type', BYTES_TYPE);
    const body = json === undefined ? bytes && new Uint8Array(bytes) : JSON.stringify(json);
    const { method = body === undefined ? 'GET' : 'POST' } = question;
    const answer = await this.#answerTo(`${this.#url}${path}${inQuery(query)}`, {
      ...rest,
      method,
      headers,
      body,
      // Nobody waits for an address that was wrong from the beginning.
      patient: patient && this.#hasAnswered,
      timeoutMs: REQUEST_TIMEOUT_MS,
      fetch: this.fetch,
    });
    this.#hasAnswered = true;
    return answer.body;
  }

  async #answerTo(url: string, request: Request): Promise<Answer> {
    try {
      return await send(url, request);
    } catch (error) {
      if (!(error instanceof NightshiftError) || !isNotLetIn(error)) throw error;
      const { code, message, status, jobId } = error;
      const hint = this.#headers.has(API_KEY_HEADER) ? 'Is the API key right?' : 'None was sent: name one (apiKey).';
      throw new NightshiftError(code, `${message.replace(/\.$/, '')}. ${hint}`, { status, jobId, cause: error });
    }
  }
}

/** By Nightshift, or by a gateway before it that knows nothing of its codes. */
const isNotLetIn = ({ code, status }: NightshiftError): boolean =>
  code === 'UNAUTHENTICATED' || (code === 'UNEXPECTED_ANSWER' && (status === 401 || status === 403));

function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

function inQuery(query: NonNullable<Question['query']>): string {
  const search = new URLSearchParams();
  for (const [name, given] of Object.entries(query)) {
    for (const value of [given].flat()) if (value !== undefined) search.append(name, `${value}`);
  }
  return search.size > 0 ? `?${search}` : '';
}

/** Requests that are made once: what goes wrong is what is looked for. */
import { z } from 'zod';
import { API_KEY_HEADER } from '../../core/access/header.ts';
import { problem } from '../../core/api/fields.ts';
import type { Deployment } from '../deployment.ts';
import { bad, type Finding } from './finding.ts';

export interface Heard {
  status: number;
  headers: Headers;
  text: string;
  /** When the server has answered, by this machine's clock: in the middle of the exchange. Epoch milliseconds. */
  at: number;
}

interface Question {
  json?: unknown;
  bytes?: Uint8Array<ArrayBuffer>;
  signal: AbortSignal;
}

const TIMEOUT_MS = 30_000;

/** Nothing was heard. Its cause is what `fetch` rejected with. */
export class NoAnswer extends Error {
  /** What went wrong on the way, as Node names it. */
  readonly code: string | undefined;
  /** Nothing went wrong, but nothing came either. */
  readonly isLate: boolean;

  constructor(error: Error) {
    const { code, message } = (error.cause ?? error) as NodeJS.ErrnoException;
    const isLate = error.name === 'TimeoutError';
    super(isLate ? `none within ${TIMEOUT_MS / 1000} s` : message || `${code}`, { cause: error });
    this.code = code;
    this.isLate = isLate;
  }
}

/** @throws NoAnswer; the signal's reason if that aborts. */
export async function ask(deployment: Deployment, path: string, question: Question): Promise<Heard> {
  try {
    return await askOnce(deployment, path, question);
  } catch (error) {
    question.signal.throwIfAborted();
    throw new NoAnswer(error as Error);
  }
}

async function askOnce({ url, apiKey }: Deployment, path: string, question: Question): Promise<Heard> {
  const { json, bytes, signal } = question;
  const begun = Date.now();
  const answer = await fetch(url + path, {
    method: json || bytes ? 'POST' : 'GET',
    headers: {
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(apiKey !== undefined && { [API_KEY_HEADER]: apiKey }),
    },
    body: json === undefined ? bytes : JSON.stringify(json),
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  const at = (begun + Date.now()) / 2;
  return { status: answer.status, headers: answer.headers, text: await answer.text(), at };
}

const TRY_AGAIN = 'Try again; if it stays so, look at the connection and at what lies before the deployment.';

/** What an answer comes to. That there is none is a finding, too. */
export async function findingIn(
  check: string,
  asked: Promise<Heard>,
  judge: (heard: Heard) => Finding,
  advice = TRY_AGAIN,
): Promise<Finding> {
  try {
    return judge(await asked);
  } catch (error) {
    if (error instanceof NoAnswer) return bad(check, `there is no answer: ${error.message}`, advice);
    throw error;
  }
}

/** The answer's JSON if it has that shape. */
export function parsed<S extends z.ZodType>(shape: S, { text }: Heard): z.infer<S> | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Whether it was refused in these words, by the proof server's endpoints or those of `/v1`. */
export const isRefusedAs = (words: string, { status, text }: Heard): boolean => status === 403 && text.includes(words);

const refusal = z.object({ code: z.string(), detail: problem.shape.detail });

/** What an answer that refuses says, in one line. */
export function reasonIn(heard: Heard): string {
  const told = parsed(refusal, heard);
  return told ? `${told.code}: ${told.detail}` : `it answered ${heard.status} ${heard.text.slice(0, 200)}`.trim();
}

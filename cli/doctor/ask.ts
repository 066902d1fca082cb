/** Requests that are made once: what goes wrong is what is looked for. */
import { z } from 'zod';
import { problem } from '../../core/api/fields.ts';
import type { Deployment } from '../deployment.ts';

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

export const TIMEOUT_MS = 30_000;

/** @throws what `fetch` rejects with if there is no answer. */
export async function ask({ url, apiKey }: Deployment, path: string, question: Question): Promise<Heard> {
  const { json, bytes, signal } = question;
  const begun = Date.now();
  const answer = await fetch(url + path, {
    method: json || bytes ? 'POST' : 'GET',
    headers: {
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(apiKey !== undefined && { 'x-api-key': apiKey }),
    },
    body: json === undefined ? bytes : JSON.stringify(json),
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  const at = (begun + Date.now()) / 2;
  return { status: answer.status, headers: answer.headers, text: await answer.text(), at };
}

/** The answer's JSON if it has that shape. */
export function parsed<S extends z.ZodType>(shape: S, { text }: Heard): z.infer<S> | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const refusal = z.object({ code: z.string(), detail: problem.shape.detail });

/** What an answer that refuses says, in one line. */
export function reasonIn(heard: Heard): string {
  const told = parsed(refusal, heard);
  return told ? `${told.code}: ${told.detail}` : `it answered ${heard.status} ${heard.text.slice(0, 200)}`.trim();
}

/** The deployment's HTTP API, as far as the command uses it. */
import { openAsBlob } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { PRESIGNED_URL_SECONDS } from '../core/limits.ts';
import { CliError, EXIT } from './error.ts';
import { send } from './http.ts';

const state = z.enum(['building', 'ready', 'failed']);

/** Sizes are bytes, times milliseconds. */
const circuitView = z.looseObject({
  state,
  k: z.int(),
  /** Missing where no lane takes the circuit any more. */
  lane: z.string().optional(),
  zkirBytes: z.int(),
  verifierKeyBytes: z.int().optional(),
  proverKeyBytes: z.int().optional(),
  keygenMs: z.number().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type CircuitView = z.infer<typeof circuitView>;

const contractView = z.looseObject({
  id: z.string(),
  state,
  warning: z.string().optional(),
  circuits: z.record(z.string(), circuitView),
  links: z.object({ self: z.string(), prefix: z.string() }),
});
export type ContractView = z.infer<typeof contractView>;

/** A file that goes up by itself. */
export interface Upload {
  path: string;
  sha256: string;
  bytes: number;
}

/** A file that has been put where `{"upload": sha256}` finds it. */
export interface Uploaded {
  upload: string;
}

/** What is registered; binary files are base64. */
export interface ContractForm {
  circuits: Record<string, { zkir: string | Uploaded; verifierKey?: string; proverKey?: Uploaded }>;
  parameters?: 'development';
}

const uploadSlot = z.object({ url: z.url(), method: z.string(), headers: z.record(z.string(), z.string()) });

const insecureParams = z.object({ warning: z.string() });

/** Longer than API Gateway lets anything take, and a few megabytes take on the way there. */
const REQUEST_TIMEOUT_MS = 60_000;

const FIRST_LOOK_MS = 200;
const SELDOM_LOOK_MS = 5_000;
const LOOK_FACTOR = 1.5;

/** Every method throws CliError: with the code of the server's problem, UNREACHABLE, or UNEXPECTED_ANSWER. */
export class Api {
  readonly #url: string;

  /** @param url where the deployment answers; a path in it is kept. */
  constructor(url: string) {
    this.#url = url.replace(/\/+$/, '');
  }

  /** The address of a path that the API names. */
  at(path: string): string {
    return this.#url + path;
  }

  async register(form: ContractForm): Promise<ContractView> {
    return this.#json(contractView, '/v1/contracts', JSON.stringify(form));
  }

  /** The contract as it gets on, from what is known of it to when none of its circuits is building any more. */
  async *progressOf(contract: ContractView): AsyncGenerator<ContractView> {
    let pause = FIRST_LOOK_MS;
    for (let latest = contract; ; latest = await this.#json(contractView, contract.links.self)) {
      yield latest;
      if (latest.state !== 'building') return;
      await delay(pause);
      pause = Math.min(pause * LOOK_FACTOR, SELDOM_LOOK_MS);
    }
  }

  /** Has those for circuits of that size made, and waits until they are. @returns the warning about them. */
  async developmentParams(k: number): Promise<string> {
    return (await this.#json(insecureParams, `/fetch-params/${k}?parameters=development`)).warning;
  }

  /** Puts a file where a registration finds it by its hash. */
  async upload({ path, sha256, bytes }: Upload): Promise<void> {
    const { url, method, headers } = await this.#json(uploadSlot, '/v1/uploads', JSON.stringify({ sha256, bytes }));
    await send(url, { method, headers, body: await openAsBlob(path), timeoutMs: PRESIGNED_URL_SECONDS * 1000 });
  }

  async #json<S extends z.ZodType>(schema: S, path: string, body?: string): Promise<z.infer<S>> {
    const response = await send(this.at(path), {
      headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
      ...(body && { method: 'POST', body }),
      timeoutMs: REQUEST_TIMEOUT_MS,
    });
    const { success, data } = schema.safeParse(await response.json().catch(() => undefined));
    if (success) return data;
    const message = `${response.url} answers otherwise than this version of Nightshift. Check --url.`;
    throw new CliError('UNEXPECTED_ANSWER', EXIT.refused, message);
  }
}

/** The deployment's HTTP API, as far as the command uses it. */
import { openAsBlob } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type ContractForm, type ContractView, contractView } from '../core/api/contracts.ts';
import { type UploadForm, uploadView } from '../core/api/uploads.ts';
import { PRESIGNED_URL_SECONDS } from '../core/limits.ts';
import { CliError, EXIT } from './error.ts';
import { send } from './http.ts';

/** A file that goes up by itself. */
export interface Upload extends UploadForm {
  path: string;
}

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
    const { url, method, headers } = await this.#json(uploadView, '/v1/uploads', JSON.stringify({ sha256, bytes }));
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

/** The contracts API as a client sees it. */
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { inject } from 'vitest';
import { z } from 'zod';

const circuitView = z.looseObject({
  state: z.enum(['building', 'ready', 'failed']),
  k: z.int(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});

export const contractView = z.looseObject({
  id: z.string(),
  state: z.enum(['building', 'ready', 'failed']),
  circuits: z.record(z.string(), circuitView),
  links: z.object({ self: z.string(), prefix: z.string() }),
});
export type ContractView = z.infer<typeof contractView>;

/** Packed, as a large one has to be. */
export const postContract = (contract: unknown, url = inject('baseUrl')): Promise<Response> =>
  fetch(`${url}/v1/contracts`, {
    method: 'POST',
    body: Uint8Array.from(gzipSync(JSON.stringify(contract))),
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  });

/** Registers a contract that is expected to be taken. */
export async function register(contract: unknown, url = inject('baseUrl')): Promise<ContractView> {
  const response = await postContract(contract, url);
  const body = await response.json();
  if (response.status !== 202) throw new Error(`not taken: ${JSON.stringify(body)}`);
  return contractView.parse(body);
}

const POLL_MS = 200;

/** The contract once none of its circuits is building any more. */
export async function built({ links }: ContractView, url = inject('baseUrl')): Promise<ContractView> {
  for (;;) {
    const contract = contractView.parse(await (await fetch(`${url}${links.self}`)).json());
    if (contract.state !== 'building') return contract;
    await delay(POLL_MS);
  }
}

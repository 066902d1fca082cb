/** The jobs API as a client sees it. */
import { inject } from 'vitest';
import { z } from 'zod';
import { expectConforming } from '../api/conforms.ts';

export const jobView = z.looseObject({
  id: z.uuid(),
  state: z.string(),
  circuit: z.string().optional(),
  links: z.object({ self: z.string(), proof: z.string() }),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  parts: z.array(z.uuid()).optional(),
  proof: z.base64().optional(),
  statement: z.array(z.string()).optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type JobView = z.infer<typeof jobView>;

/** Asks. Below `/v1` it expects to be answered as the API is described. */
export async function ask(
  method: string,
  path: string,
  init?: RequestInit,
  url = inject('baseUrl'),
): Promise<Response> {
  const response = await fetch(`${url}${path}`, { ...init, method });
  if (path.startsWith('/v1/')) await expectConforming(method, path, response);
  return response;
}

export const get = (path: string, url?: string): Promise<Response> => ask('GET', path, {}, url);

/** Posts JSON. */
export const post = (path: string, body: string, url?: string): Promise<Response> =>
  ask('POST', path, { body, headers: { 'content-type': 'application/json' } }, url);

export const postJob = (body: string, url?: string): Promise<Response> => post('/v1/jobs', body, url);

/** Submits a job that is expected to be taken. */
export async function submitJob(circuit: string, preimage: Buffer, bindingInput?: string): Promise<JobView> {
  const response = await postJob(JSON.stringify({ circuit, preimage: preimage.toString('base64'), bindingInput }));
  return jobView.parse(await response.json());
}

/** The job once it has ended. */
export async function endOf({ links }: JobView, url?: string): Promise<JobView> {
  for (;;) {
    const job = jobView.parse(await (await get(`${links.self}?wait=25`, url)).json());
    if (job.endedAt) return job;
  }
}

/** Handing in what a wallet wants proved. */
import * as z from 'zod';
import { type Job, Nightshift, NightshiftError } from '../../client/index.ts';
import { statusOf } from '../../core/errors.ts';
import type { Deployment } from '../deployment.ts';

export interface Submission {
  /** Tagged. */
  body: Uint8Array;
  contract?: string;
  /** Aborts when nobody waits for the answer any more. */
  hangUp: AbortSignal;
}

const FULL = 'QUEUE_FULL';
const refusal = z.object({ code: z.string(), detail: z.string() });

/**
 * As the client does, but where it would wait for a place in the queue: like the reference, the proxy says at once that there
 * is none.
 *
 * @throws NightshiftError QUEUE_FULL, and what `submitTagged` does.
 */
export function submitUnlessFull(deployment: Deployment, { body, contract, hangUp }: Submission): Promise<Job> {
  const full = new AbortController();
  const nightshift = new Nightshift({
    ...deployment,
    async fetch(...request) {
      const answer = await fetch(...request);
      const { code, detail } = await refusalIn(answer);
      if (code === FULL) full.abort(new NightshiftError(FULL, `${detail}`, { status: answer.status }));
      return answer;
    },
  });
  return nightshift.submitTagged(body, { contract }, { signal: AbortSignal.any([hangUp, full.signal]) });
}

/** Gateways answer with that status, too, when they are asked too often: that passes, and is waited for. */
async function refusalIn(answer: Response): Promise<Partial<z.infer<typeof refusal>>> {
  if (answer.status !== statusOf(FULL)) return {};
  const said = await answer
    .clone()
    .json()
    .catch(() => undefined);
  return refusal.safeParse(said).data ?? {};
}

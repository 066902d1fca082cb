/** A server with one job, which stands still until the test says so. */
import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import type { z } from 'zod';
import type { jobView } from '../../core/api/jobs.ts';
import type { JobState } from '../../core/jobs/state.ts';
import { withSealingKey } from '../client/sealing-server.ts';
import { urlOf } from './server.ts';

export const JOB_ID = '01939aaa-0000-7000-8000-000000000000';

export const jobIn = (state: JobState, id = JOB_ID): z.infer<typeof jobView> => ({
  id,
  operation: 'prove',
  state,
  circuit: 'midnight/dust/spend',
  lane: 'medium',
  createdAt: '2026-11-21T00:00:00.000Z',
  attempts: 0,
  ...(state === 'cancelled' && { error: { code: 'CANCELLED', message: 'Cancelled by who submitted it.' } }),
  links: { self: `/v1/jobs/${id}`, proof: `/v1/jobs/${id}/proof` },
});

export interface JobsServer {
  url: string;
  /** Method and path of each request so far. */
  asked: string[];
  /** When a job has been submitted. */
  submitted: Promise<void>;
  /** When a job is being waited for. */
  waitedFor: Promise<void>;
}

/** @param admission until then a submission is not answered, and its job not known */
export async function jobsServer({ admission = Promise.resolve() } = {}): Promise<JobsServer> {
  const asked: string[] = [];
  const [submitted, waitedFor] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isAdmitted = false;
  admission.then(() => {
    isAdmitted = true;
  });
  const answers: RequestListener = async (incoming, answer) => {
    const [path = ''] = `${incoming.url}`.split('?');
    asked.push(`${incoming.method} ${path}`);
    const id = path.split('/')[3];
    const say = (status: number, body: unknown) =>
      answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (incoming.method === 'DELETE') {
      return isAdmitted
        ? say(200, jobIn('cancelled', id))
        : say(404, { code: 'JOB_NOT_FOUND', detail: 'No such job.' });
    }
    if (incoming.method === 'POST') {
      const body = await text(incoming);
      const id = `${new URLSearchParams(incoming.url?.split('?')[1]).get('id') ?? JSON.parse(body).id}`;
      submitted.resolve();
      await admission;
      return say(202, jobIn('queued', id));
    }
    waitedFor.resolve();
  };
  const url = await urlOf(withSealingKey(answers));
  return { url, asked, submitted: submitted.promise, waitedFor: waitedFor.promise };
}

/** An answer that gets lost on its way to the client. */
import { randomUUID } from 'node:crypto';
import { expect, inject, onTestFinished, test } from 'vitest';
import { type Call, startFaultyProxy } from '../stack/faulty-proxy.ts';
import { duration, figure } from './figure.ts';
import { SmallProofs } from './small-proofs.ts';

const PROOFS = 10;

test('4: the answer to a request is lost, the client asks again, and comes to the original job', async () => {
  const proofs = await SmallProofs.at(inject('baseUrl'));
  const proxy = await startFaultyProxy(inject('baseUrl'));
  onTestFinished(proxy.close);
  const lost = new Set<string>();
  let requests = 0;
  /** Of each submission, and each question for a job, the first answer. */
  const isFirst = ({ method, path, headers }: Call) => {
    const request = `${headers['idempotency-key'] ?? path}`;
    if (method === 'POST') requests++;
    return lost.size < lost.add(request).size;
  };
  proxy.behave(async (call, passOn) => {
    const answer = await passOn();
    return isFirst(call) ? undefined : answer;
  });

  const labels = { test: randomUUID() };
  const seen = proofs.seenAt(proxy.url);
  const begun = performance.now();
  const proved = await Promise.all(Array.from({ length: PROOFS }, () => seen.prove(labels)));
  const tookMs = performance.now() - begun;

  const ids = await Array.fromAsync(proofs.nightshift.jobs({ labels }), ({ id }) => id);
  expect(ids.sort()).toEqual(proved.map(({ job }) => job.id).sort());
  expect(proved.map(({ job }) => job.attempts)).toEqual(proved.map(() => 1));
  await proofs.expectProofs(proved);
  expect(requests).toBeGreaterThanOrEqual(2 * PROOFS);
  figure(4, { 'answers lost': lost.size, submissions: requests, jobs: ids.length, 'in all': duration(tookMs) });
});

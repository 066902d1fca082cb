import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { gatewayBefore } from './gateway-before.ts';

/** An upstream that answers when it is told to. */
function patientUpstream() {
  const asked = Promise.withResolvers<ServerResponse>();
  return { asked: asked.promise, listener: (_: IncomingMessage, answer: ServerResponse) => asked.resolve(answer) };
}

test('new work is refused, questions and preflights are answered', async () => {
  const { url, refuseWork } = await gatewayBefore((_, answer) => answer.end());
  refuseWork();
  const refused = await fetch(`${url}/prove`, { method: 'POST', body: 'x' });
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ code: 'UNAVAILABLE', detail: expect.stringContaining('being stopped') });
  for (const method of ['GET', 'HEAD', 'OPTIONS']) expect((await fetch(`${url}/ready`, { method })).status).toBe(200);
});

test('work that is under way when new work is refused goes on', async () => {
  const { asked, listener } = patientUpstream();
  const { url, refuseWork } = await gatewayBefore(listener);
  const answer = fetch(`${url}/prove`, { method: 'POST', body: 'x' });
  const upstream = await asked;
  refuseWork();
  upstream.end('proof');
  expect(await (await answer).text()).toBe('proof');
});

test('an answer that comes while the gateway ends is delivered', async () => {
  const { asked, listener } = patientUpstream();
  const { url, close } = await gatewayBefore(listener);
  const answer = fetch(url);
  const upstream = await asked;
  const closed = close();
  upstream.end('proof');
  expect(await (await answer).text()).toBe('proof');
  await closed;
});

test('who waits in vain gets 503, not a cut connection, and nobody can connect afterwards', async () => {
  const { asked, listener } = patientUpstream();
  const { url, close, requests } = await gatewayBefore(listener);
  const answer = fetch(`${url}/v1/jobs/7?wait=25`);
  await asked;
  const upstreamClosed = once(requests[0]?.socket as IncomingMessage['socket'], 'close');
  await close();
  expect((await answer).status).toBe(503);
  expect(Number((await answer).headers.get('retry-after'))).toBeGreaterThan(0);
  await upstreamClosed;
  await expect(fetch(url)).rejects.toThrow();
});

test('so does who is still sending', async () => {
  const { url, close } = await gatewayBefore(() => {});
  const headers = { 'content-length': '1000', expect: '100-continue' };
  const outgoing = request(`${url}/prove`, { method: 'POST', headers });
  outgoing.flushHeaders();
  await once(outgoing, 'continue');
  outgoing.write('x');
  const [[answer]] = (await Promise.all([once(outgoing, 'response'), close()])) as [[IncomingMessage], unknown];
  outgoing.on('error', () => {}).destroy();
  expect(answer.statusCode).toBe(503);
});

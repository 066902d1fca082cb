/** What `nightshift proxy` does by itself, before a server that says little. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ProxyOptions, type RunningProxy, startProxy } from '../../cli/proxy/server.ts';
import { corsHeaders, preflightHeaders } from '../../core/http/cors.ts';
import { JOB_ID, jobIn } from './jobs-server.ts';
import { nightshift, said, start } from './run.ts';
import { startServer, urlOf } from './server.ts';

const PROVE_TAG = 'midnight:(proof-preimage-versioned,option(proving-data),option(fr-bls)):';
const SELF = jobIn('queued').links.self;
const ORIGIN = 'https://wallet.example';

async function proxyBefore(url: string, options: Partial<ProxyOptions> = {}): Promise<RunningProxy> {
  const proxy = await startProxy({ deployment: { url }, port: 0, log: () => undefined, ...options });
  onTestFinished(() => proxy.close(AbortSignal.abort()));
  return proxy;
}

/** Where the command answers. It is ended with the test. */
async function startedBy(args: string[]): Promise<string> {
  const { child, ended } = start(args);
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  return JSON.parse(await said(child.stdout, /\n/)).url;
}

/** As a page or a program may send them, which fetch does not let set. */
async function headersOf(url: string, method: string, headers: Record<string, string>): Promise<IncomingMessage> {
  const [answer] = (await once(request(url, { method, headers }).end(), 'response')) as [IncomingMessage];
  answer.resume();
  return answer;
}

describe('a deployment that', () => {
  test('can not be reached is told with 502', async () => {
    const { url, close } = await startServer(() => undefined);
    await close();
    const proxy = await proxyBefore(url);
    for (const init of [{ method: 'POST', body: PROVE_TAG }, { method: 'GET' }]) {
      const path = init.method === 'POST' ? '/prove' : '/version';
      const response = await fetch(`${proxy.url}${path}`, init);
      expect(response.status).toBe(502);
      expect(await response.text()).toMatch(new RegExp(`^UNREACHABLE: ${url} can't be reached: .*ECONNREFUSED`));
    }
  });

  test.each([401, 403])('does not take the key answers %s, and the proxy says what to do', async (status) => {
    const proxy = await proxyBefore(
      await urlOf((_, answer) => answer.writeHead(status).end('{"message":"Forbidden"}')),
    );
    const response = await fetch(`${proxy.url}/prove`, { method: 'POST', body: PROVE_TAG });
    expect(response.status).toBe(status);
    expect(await response.text()).toContain('Start nightshift proxy with the right --api-key.');
  });

  test('has no key that works says so, and the proxy says what to do', async () => {
    const problem = JSON.stringify({ code: 'UNAUTHENTICATED', detail: 'No key that works.' });
    const proxy = await proxyBefore(await urlOf((_, answer) => answer.writeHead(401).end(problem)));
    const response = await fetch(`${proxy.url}/prove`, { method: 'POST', body: PROVE_TAG });
    expect(response.status).toBe(401);
    expect(await response.text()).toMatch(/^UNAUTHENTICATED: No key that works\..* with the right --api-key\.$/);
  });

  test('refuses with a code of a later version is passed on with its status', async () => {
    const problem = JSON.stringify({ code: 'PAYMENT_REQUIRED', detail: 'No credit is left.' });
    const proxy = await proxyBefore(await urlOf((_, answer) => answer.writeHead(402).end(problem)));
    const response = await fetch(`${proxy.url}/prove`, { method: 'POST', body: PROVE_TAG });
    expect([response.status, await response.text()]).toEqual([402, 'PAYMENT_REQUIRED: No credit is left.']);
  });

  test('fails with a code of a later version is not asked again by clients of the reference', async () => {
    const job = { ...jobIn('failed'), error: { code: 'GPU_LOST', message: 'The device is gone.' } };
    const proxy = await proxyBefore(await urlOf((_, answer) => answer.writeHead(202).end(JSON.stringify(job))));
    const response = await fetch(`${proxy.url}/prove`, { method: 'POST', body: PROVE_TAG });
    expect([response.status, await response.text()]).toEqual([502, 'GPU_LOST: The device is gone.']);
    expect(response.headers.get('x-job-id')).toBe(JOB_ID);
  });

  test('redirects does not get the key carried elsewhere', async () => {
    const elsewhere: unknown[] = [];
    const location = await urlOf((incoming) => elsewhere.push(incoming));
    const url = await urlOf((_, answer) => answer.writeHead(302, { location }).end());
    const proxy = await proxyBefore(url, { deployment: { url, apiKey: 'secret' } });
    expect((await fetch(`${proxy.url}/version`, { redirect: 'manual' })).status).toBe(302);
    expect(elsewhere).toEqual([]);
  });
});

describe('a deployment that does not take the job yet', () => {
  test('for want of a place in the queue: the wallet is told at once, as the reference does', async () => {
    const asked: unknown[] = [];
    const problem = JSON.stringify({ code: 'QUEUE_FULL', detail: 'Come back later.' });
    const url = await urlOf((incoming, answer) => {
      asked.push(incoming.method);
      answer.writeHead(429, { 'retry-after': '600' }).end(problem);
    });
    const { url: proxy } = await proxyBefore(url);
    const response = await fetch(`${proxy}/prove`, { method: 'POST', body: PROVE_TAG });
    expect([response.status, await response.text()]).toEqual([429, 'Job Queue full']);
    expect(asked).toEqual(['POST']);
  });

  /** A proxy that waits to submit again, for a wallet. */
  async function pausing() {
    const refused = Promise.withResolvers<void>();
    const url = await urlOf((_, answer) => {
      answer.on('close', refused.resolve);
      answer.writeHead(429, { 'retry-after': '600' }).end('{"message":"Too Many Requests"}');
    });
    const lines: string[] = [];
    const proxy = await startProxy({ deployment: { url }, port: 0, log: (line) => lines.push(line) });
    const wallet = new AbortController();
    const answered = fetch(`${proxy.url}/prove`, { method: 'POST', body: PROVE_TAG, signal: wallet.signal });
    answered.catch(() => undefined);
    await refused.promise;
    return { proxy, lines, wallet, answered };
  }

  test('is asked no more once the wallet has gone', async () => {
    const { proxy, lines, wallet } = await pausing();
    wallet.abort();
    await proxy.close(new AbortController().signal);
    expect(lines).toEqual([expect.stringMatching(/^POST \/prove cut off/)]);
  });

  test('keeps no proxy from ending that is in a hurry', async () => {
    const { proxy, answered } = await pausing();
    await proxy.close(AbortSignal.abort());
    await expect(answered).rejects.toThrow();
  });
});

test('a wallet that goes while its job is being submitted has it cancelled once it is there', async () => {
  const asked: string[] = [];
  const [submitted, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const url = await urlOf(async (incoming, answer) => {
    asked.push(`${incoming.method}`);
    incoming.resume();
    if (incoming.method === 'DELETE') return answer.end(JSON.stringify(jobIn('cancelled')));
    submitted.resolve();
    await gone.promise;
    return answer.writeHead(202).end(JSON.stringify(jobIn('queued')));
  });
  const proxy = await startProxy({ deployment: { url }, port: 0, log: () => gone.resolve() });
  const wallet = new AbortController();
  const answered = fetch(`${proxy.url}/prove`, { method: 'POST', body: PROVE_TAG, signal: wallet.signal });
  await submitted.promise;
  wallet.abort();
  await expect(answered).rejects.toThrow();
  await proxy.close(new AbortController().signal);
  expect(asked).toEqual(['POST', 'DELETE']);
});

test('a client that goes in the middle of its request is a line, and nothing else', async () => {
  const lines: string[] = [];
  const proxy = await proxyBefore(await urlOf(() => undefined), { log: (line) => lines.push(line) });
  const outgoing = request(`${proxy.url}/prove`, { method: 'POST', headers: { 'content-length': '100' } });
  outgoing.on('error', () => undefined).write(PROVE_TAG, () => outgoing.destroy());
  await expect.poll(() => lines).toEqual([expect.stringMatching(/^POST \/prove cut off \d+\.\d s$/)]);
});

test.each(['/fetch-params/..%2Fv1%2Fjobs', '/contracts/..%2f..%2fv1/k', '//v1/jobs', '/version/'])(
  '%s leads nowhere',
  async (path) => {
    const asked: unknown[] = [];
    const proxy = await proxyBefore(await urlOf((incoming) => asked.push(incoming.url)));
    for (const method of ['GET', 'POST']) expect((await fetch(proxy.url + path, { method })).status).toBe(404);
    expect(asked).toEqual([]);
  },
);

describe('pages', () => {
  test.each([
    'http://localhost:3000',
    'https://wallet.localhost',
    'http://127.0.0.1',
    'http://[::1]:8080',
    'chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb',
    'moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc',
    'safari-web-extension://2C127FA4-62C7-7E4F-90E5-472B45EECFDC',
    ORIGIN,
  ])('of %s may ask, and read the answer', async (origin) => {
    const proxy = await proxyBefore(await urlOf((_, answer) => answer.end('8.1.0')), { allowedOrigins: [ORIGIN] });
    const { statusCode, headers } = await headersOf(`${proxy.url}/version`, 'GET', { origin });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject(corsHeaders(origin));
  });

  test.each([
    'https://dapp.example',
    'http://wallet.example',
    'https://wallet.example:8443',
    'https://localhost.wallet.example',
    'https://chrome-extension.example',
    'file://',
    'null',
  ])("of %s may not spend its user's money", async (origin) => {
    const asked: unknown[] = [];
    const url = await urlOf((incoming) => asked.push(incoming));
    for (const apiKey of [undefined, 'secret']) {
      const proxy = await proxyBefore(url, { deployment: { url, apiKey }, allowedOrigins: [ORIGIN] });
      for (const method of ['POST', 'OPTIONS', 'GET']) {
        const headers = { origin, 'access-control-request-method': 'POST' };
        const answer = await headersOf(`${proxy.url}/prove`, method, headers);
        expect(answer.statusCode).toBe(403);
        expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
    }
    expect(asked).toEqual([]);
  });

  test('that are kept out are told the way in, and the command takes it', async () => {
    const url = await urlOf((_, answer) => answer.end('8.1.0'));
    const args = ['proxy', url, '--port', '0', '--json'];
    const refused = await fetch(`${await startedBy(args)}/version`, { headers: { origin: ORIGIN } });
    const { detail } = (await refused.json()) as { detail: string };
    const [way = ''] = detail.match(/--allow-origin \S+/) ?? [];
    const taken = await fetch(`${await startedBy([...args, ...way.split(' ')])}/version`, {
      headers: { origin: ORIGIN },
    });
    expect([refused.status, taken.status]).toEqual([403, 200]);
  });

  test('get their preflight answered here, with the headers that wallet-sdk adds', async () => {
    const asked: unknown[] = [];
    const proxy = await proxyBefore(await urlOf((incoming) => asked.push(incoming)), { allowedOrigins: [ORIGIN] });
    const wanted = 'b3,traceparent';
    const { statusCode, headers } = await headersOf(`${proxy.url}/prove`, 'OPTIONS', {
      origin: ORIGIN,
      'access-control-request-method': 'POST',
      'access-control-request-headers': wanted,
      'access-control-request-private-network': 'true',
    });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ ...corsHeaders(ORIGIN), ...preflightHeaders(wanted, true) });
    expect(asked).toEqual([]);
  });

  test('under a foreign host name are refused', async () => {
    const proxy = await proxyBefore(await urlOf((_, answer) => answer.end('8.1.0')));
    const answer = await headersOf(`${proxy.url}/version`, 'GET', { host: 'rebound.example' });
    expect(answer.statusCode).toBe(403);
  });
});

describe('Ctrl-C', () => {
  /** Jobs that end when the test says so. */
  async function slowDeployment() {
    const asked: string[] = [];
    const submitted = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const url = await urlOf(async (incoming, answer) => {
      const path = `${incoming.url}`.split('?')[0];
      asked.push(`${incoming.method} ${path}`);
      incoming.resume();
      if (incoming.method === 'DELETE') return answer.end(JSON.stringify(jobIn('cancelled')));
      if (incoming.method === 'POST') return answer.writeHead(202).end(JSON.stringify(jobIn('queued')));
      submitted.resolve();
      await end.promise;
      return answer.end(path === SELF ? JSON.stringify(jobIn('succeeded')) : 'the proof');
    });
    return { url, asked, submitted: submitted.promise, end: end.resolve };
  }

  test('answers what is open first, and takes nothing new', async () => {
    const deployment = await slowDeployment();
    const { child, ended } = start(['proxy', deployment.url, '--port', '0']);
    const [, url] = (await said(child.stdout, /Ctrl-C/)).match(/on (http:\S+)\./) ?? [];
    const open = fetch(`${url}/prove`, { method: 'POST', body: PROVE_TAG });
    await deployment.submitted;
    const stopping = said(child.stderr, /Stopping/);
    child.kill('SIGINT');
    await stopping;
    await expect(fetch(`${url}/prove`, { method: 'POST', body: PROVE_TAG })).rejects.toThrow();
    deployment.end();
    expect(await (await open).text()).toBe('the proof');
    const { code, stderr } = await ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(new RegExp(`^POST /prove 200 \\d+\\.\\d s ${JOB_ID}$`, 'm'));
  });

  test('again cancels the jobs that are open', async () => {
    const deployment = await slowDeployment();
    const { child, ended } = start(['proxy', deployment.url, '--port', '0', '--json']);
    const { url } = JSON.parse(await said(child.stdout, /\n/));
    const open = fetch(`${url}/prove`, { method: 'POST', body: PROVE_TAG });
    await deployment.submitted;
    const stopping = said(child.stderr, /Stopping/);
    child.kill('SIGINT');
    await stopping;
    // Sooner it would be taken for an echo of the first.
    await delay(600);
    child.kill('SIGINT');
    await expect(open).rejects.toThrow();
    expect((await ended).code).toBe(0);
    expect(deployment.asked.at(-1)).toBe(`DELETE ${SELF}`);
  });
});

describe('wrong use', () => {
  test('a port that is taken is told', async () => {
    const { port } = new URL(await urlOf(() => undefined));
    const { code, stdout, stderr } = await nightshift(['proxy', 'http://127.0.0.1:9', '--port', port]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^✗ PORT_NOT_FREE: Port ${port}: another server is there.*--port`));
  });

  test.each([
    [['proxy'], /missing required argument 'url'/],
    [['proxy', 'localhost'], /It takes a URL/],
    [['proxy', 'http://localhost', '--port', '70000'], /from 0 to 65535/],
  ])('%j', async (args, reason) => {
    const { code, stderr } = await nightshift(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(reason);
  });
});

/** What `nightshift doctor` says of setups that are right, and of one that is wrong in one way at a time. */
import { type RequestListener, STATUS_CODES } from 'node:http';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { diagnose } from '../../cli/doctor/diagnose.ts';
import type { Finding } from '../../cli/doctor/finding.ts';
import { lacksScope, OF_OTHER_ORIGINS } from '../../core/access/refusals.ts';
import type { Scope } from '../../core/access/scopes.ts';
import type { ContractView } from '../../core/api/contracts.ts';
import { BUILT_IN_CIRCUITS } from '../../core/circuits/builtin.ts';
import { VERSION } from '../../core/version.ts';
import { info } from './info.ts';
import { nightshift } from './run.ts';
import { startServer, urlOf } from './server.ts';

const CONTRACT = '0'.repeat(64);

const contractIn = (state: 'building' | 'ready' | 'failed'): ContractView => ({
  id: CONTRACT,
  state,
  parameters: 'midnight',
  createdAt: '2026-11-21T00:00:00Z',
  circuits: {
    count: {
      state,
      k: 6,
      zkirSha256: CONTRACT,
      zkirBytes: 2,
      ...(state === 'failed' && { error: { code: 'KEY_MISMATCH', message: 'They differ.' } }),
    },
  },
  links: { self: `/v1/contracts/${CONTRACT}`, prefix: `/contracts/${CONTRACT}` },
});

type Answers = Record<string, [status: number, body: unknown, headers?: Record<string, string>]>;

const WELL: Answers = {
  '/v1/info': [200, info],
  '/v1/verify': [200, { valid: false, reason: 'The proof can not be read.' }],
  '/k': [400, 'Unsupported ZKIR version'],
  [`/v1/contracts/${CONTRACT}`]: [200, contractIn('ready')],
};

const problem = (status: number, code: string, detail: string): Answers[string] => [
  status,
  { type: 'about:blank', title: STATUS_CODES[status], status, code, detail },
];

const answering =
  (answers: Answers): RequestListener =>
  (incoming, answer) => {
    const [path = ''] = `${incoming.url}`.split('?');
    const [status, body, headers] = answers[path] ?? [404, ''];
    incoming.resume().on('end', () => {
      answer.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  };

const doctor = (url: string, ...options: string[]) =>
  nightshift(['doctor', '--url', url, '--contract', CONTRACT, ...options]);

describe('of a setup that is right', () => {
  test('every check says so', async () => {
    const url = await urlOf(answering(WELL));
    const { code, stdout, stderr } = await doctor(url);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.trim().split('\n')).toEqual([
      `✓ address: Nightshift ${VERSION} answers at ${url}`,
      '✓ transport: does not leave this machine',
      expect.stringMatching(/^✓ clock: \d\.\d s /),
      '✓ API key: none is needed',
      `✓ version: ${VERSION} here, ${VERSION} there`,
      ...BUILT_IN_CIRCUITS.map(({ name, k }) => `✓ ${name}: can be proved (k=${k})`),
      '✓ contract: 1 of 1 circuits can be proved',
      '✓ body limit: bodies of 1 kB arrive',
    ]);
  });

  test('--json says the same', async () => {
    const { code, stdout } = await doctor(await urlOf(answering(WELL)), '--json', '--api-key', 'secret');
    expect(code).toBe(0);
    const { ok, findings } = JSON.parse(stdout);
    expect(ok).toBe(true);
    expect(findings).toContainEqual({ check: 'API key', ok: true, found: 'accepted' });
    expect(stdout).not.toContain('secret');
  });
});

describe('of a key that may do some things, it says what was not looked at:', () => {
  const without = (scope: Scope) => problem(403, 'FORBIDDEN', lacksScope(scope));

  test('one to prove and register', async () => {
    const url = await urlOf(answering({ ...WELL, '/v1/verify': without('verify') }));
    const { code, stdout, stderr } = await doctor(url, '--api-key', 'secret');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^✓ API key: accepted$/m);
    for (const { name } of BUILT_IN_CIRCUITS)
      expect(stdout).toContain(`\n– ${name}: not looked at: this API key has no scope verify\n`);
  });

  test('one to verify: a large body is refused by its scope once it has arrived', async () => {
    const { detail } = without('prove')[1] as { detail: string };
    const url = await urlOf(answering({ ...WELL, '/k': [403, detail] }));
    const { code, stdout, stderr } = await doctor(url, '--api-key', 'secret');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^✓ API key: accepted$/m);
    expect(stdout).toMatch(/^✓ body limit: bodies of 1 kB arrive$/m);
  });

  test('a publishable one', async () => {
    const url = await urlOf(answering({ ...WELL, '/v1/info': problem(403, 'FORBIDDEN', OF_OTHER_ORIGINS) }));
    const { code, stdout, stderr } = await doctor(url, '--api-key', 'nsp_live_');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^✓ API key: accepted in pages of its origins only: to look further takes a secret key\n$/m);
  });

  test('--json tells it apart from what is right', async () => {
    const url = await urlOf(answering({ ...WELL, '/v1/verify': without('verify') }));
    const { ok, findings } = JSON.parse((await doctor(url, '--json', '--api-key', 'secret')).stdout);
    expect(ok).toBe(true);
    expect(findings.filter(({ skipped }: Finding) => skipped)).toHaveLength(BUILT_IN_CIRCUITS.length);
  });
});

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toUTCString();
const unbuilt = problem(503, 'PARAMS_UNAVAILABLE', 'The parameters for k=15 could not be had.');

describe('of a setup that is wrong, it says how, and what to do:', () => {
  test.each<[string, Answers, RegExp]>([
    [
      'a proof server of Midnight',
      { '/v1/info': [404, ''], '/version': [200, '8.1.0'] },
      /^✗ address: midnight-proof-server 8\.1\.0 answers at .*, not Nightshift\n {2}→ Wallets and dApps can use it/m,
    ],
    [
      'the one for trusted execution environments',
      { '/v1/info': [404, ''], '/version': [200, { version: '1.0.0', build: 'release' }] },
      /^✗ address: Midnight's proof server for trusted execution environments, 1\.0\.0, answers/m,
    ],
    [
      'nightshift proxy',
      { '/v1/info': [404, ''], '/version': [200, '8.1.0', { 'x-nightshift-version': VERSION }] },
      /^✗ address: nightshift proxy answers at .*\n {2}→ Name the deployment itself/m,
    ],
    [
      'any other server',
      { '/v1/info': [200, '<html>'], '/version': [200, '<html>'] },
      /^✗ address: what answers at .* is not Nightshift: .*\n {2}→ Correct --url, with its path/m,
    ],
    [
      'an address without its stage',
      { '/v1/info': [403, { message: 'Missing Authentication Token' }] },
      /^✗ address: API Gateway answers .*\n {2}→ .*npm run deploy/m,
    ],
    [
      'a key that is missing',
      { '/v1/info': [403, { message: 'Forbidden' }] },
      /^✗ API key: one is needed: .*\n {2}→ Set NIGHTSHIFT_API_KEY/m,
    ],
    [
      'a key that is missing, in words of the API',
      { '/v1/info': problem(401, 'UNAUTHENTICATED', 'Send a key.') },
      /^✓ address: .* lets in by key only\n(?:.*\n)*✗ API key: one is needed: UNAUTHENTICATED: Send a key\./m,
    ],
    [
      'a clock that is ahead',
      { '/v1/info': [200, info, { date: ago(3600) }] },
      /^✗ clock: 3[67]\d\d\.\d s ahead of the server's\n {2}→ Set this clock/m,
    ],
    [
      'a clock that is behind',
      { '/v1/info': [200, info, { date: ago(-3600) }] },
      /^✗ clock: 3[45]\d\d\.\d s behind the server's/m,
    ],
    [
      'another version',
      { '/v1/info': [200, { ...info, version: '7.0.0' }] },
      new RegExp(`^✗ version: ${VERSION} here, 7\\.0\\.0 there\\n {2}→ Update the older one`, 'm'),
    ],
    [
      'parameters that are missing',
      { '/v1/verify': unbuilt },
      /^✗ midnight\/zswap\/spend: PARAMS_UNAVAILABLE: .*\n {2}→ .*nightshift params fetch --k 15/m,
    ],
    [
      'a contract that is not registered',
      { [`/v1/contracts/${CONTRACT}`]: problem(404, 'CONTRACT_NOT_FOUND', 'No such contract.') },
      /^✗ contract: CONTRACT_NOT_FOUND: No such contract\.\n {2}→ Register it: nightshift push/m,
    ],
    [
      'a contract whose keys are being derived',
      { [`/v1/contracts/${CONTRACT}`]: [200, contractIn('building')] },
      /^✗ contract: keys are being derived: count\n {2}→ Wait/m,
    ],
    [
      'a circuit that failed',
      { [`/v1/contracts/${CONTRACT}`]: [200, contractIn('failed')] },
      /^✗ contract: count: KEY_MISMATCH: They differ\.\n {2}→ Push it again/m,
    ],
    [
      'a gateway that takes less',
      { '/k': [413, 'Request Entity Too Large'] },
      /^✗ body limit: bodies of 1 kB do not arrive: answered 413\n {2}→ Raise the limit/m,
    ],
  ])('%s', async (_, answers, words) => {
    const { code, stdout, stderr } = await doctor(await urlOf(answering({ ...WELL, ...answers })));
    expect(code).toBe(1);
    expect(stdout).toMatch(words);
    expect(stderr).toMatch(/^✗ SETUP: \d of \d+ checks failed\.\n$/);
  });

  test('a key that is not accepted', async () => {
    const url = await urlOf(answering({ ...WELL, '/v1/info': [403, { message: 'Forbidden' }] }));
    const { code, stdout } = await doctor(url, '--api-key', 'secret');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ API key: not accepted: .*\n {2}→ Correct NIGHTSHIFT_API_KEY/m);
    expect(stdout).not.toContain('secret');
  });

  test('nothing at the port', async () => {
    const { url, close } = await startServer(() => undefined);
    await close();
    expect((await doctor(url)).stdout).toMatch(/^✗ address: nothing answers at .* \(ECONNREFUSED\)\n {2}→ Start it/);
  });

  test('a connection that is cut: each check is made all the same', async () => {
    const url = await urlOf((incoming, answer) => {
      if (incoming.url === '/v1/info') answer.end(JSON.stringify(info));
      else incoming.socket.destroy();
    });
    const { code, stdout, stderr } = await doctor(url);
    expect(code).toBe(1);
    const failed = [...BUILT_IN_CIRCUITS.map(({ name }) => name), 'contract', 'body limit'];
    for (const check of failed) expect(stdout).toMatch(new RegExp(`^✗ ${check}: there is no answer: .+\n {2}→ `, 'm'));
    expect(stderr).toBe(`✗ SETUP: ${failed.length} of ${failed.length + 5} checks failed.\n`);
  });

  test('a host of API Gateway without the stage in the path, before anything about keys', async () => {
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('{"message":"Forbidden"}', { status: 403 }));
    onTestFinished(() => void vi.restoreAllMocks());
    const url = 'https://a1b2c3.execute-api.eu-central-1.amazonaws.com';
    const findings = await Array.fromAsync(diagnose({ url }, undefined, new AbortController().signal));
    expect(findings).toEqual([expect.objectContaining({ check: 'address', ok: false })]);
    expect(findings[0]?.advice).toContain('/prod');
  });

  test('a host that does not exist', async () => {
    const { stdout } = await doctor('http://nightshift.invalid');
    expect(stdout).toMatch(/^✗ address: there is no host nightshift\.invalid \(E/);
  });

  test('TLS where there is none', async () => {
    const url = await urlOf(answering(WELL));
    const { stdout } = await doctor(url.replace('http:', 'https:'));
    expect(stdout).toMatch(/^✗ address: TLS with .* fails \(E\S+\)\n {2}→ Correct the certificate/);
  });
});

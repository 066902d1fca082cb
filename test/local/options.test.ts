import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { API_PAYLOAD_BYTES } from '../../core/limits.ts';
import { HOST_ARCHITECTURE, PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';
import { readOptions } from '../../local/options.ts';
import { contextOf } from '../../local/synth.ts';

const PREFIX = 'MIDNIGHT_PROOF_SERVER_';

let printed: string;
beforeEach(() => {
  printed = '';
  const print = (text: unknown) => {
    printed += text;
    return true;
  };
  vi.spyOn(process.stderr, 'write').mockImplementation(print);
  vi.spyOn(process.stdout, 'write').mockImplementation(print);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** What is printed and the exit code where options are not taken. */
function refusalOf(...args: string[]): { text: string; exitCode: number } {
  try {
    readOptions(args);
  } catch (error) {
    if (error instanceof CommanderError) return { text: printed, exitCode: error.exitCode };
    throw error;
  }
  throw new Error(`${args.join(' ')} was taken`);
}

test('the defaults are the reference server’s, on the deployed lanes', () => {
  vi.stubEnv('HOME', '/home/dev');
  vi.stubEnv('XDG_CACHE_HOME', undefined);
  vi.stubEnv('MIDNIGHT_PP', undefined);
  expect(readOptions([])).toEqual({
    host: '127.0.0.1',
    port: 6300,
    auth: false,
    tls: undefined,
    stateDir: resolve('.nightshift/local'),
    pool: undefined,
    lanes: undefined,
    tenantLimits: undefined,
    rateLimit: undefined,
    maxPayloadBytes: API_PAYLOAD_BYTES,
    allowedOrigins: [],
    fetchParams: true,
    developmentParameters: false,
    verbose: false,
    paramsDir: '/home/dev/.cache/midnight/zk-params',
  });
});

describe('an option', () => {
  test.each([
    ['--port', '8080', { port: 8080 }],
    ['--num-workers', '4', { pool: { workers: 4, capacity: 0, timeoutSeconds: 600 } }],
    ['--job-capacity', '7', { pool: { workers: 2, capacity: 7, timeoutSeconds: 600 } }],
    ['--job-timeout', '30', { pool: { workers: 2, capacity: 0, timeoutSeconds: 30 } }],
    ['--job-timeout', '600.0', { pool: { workers: 2, capacity: 0, timeoutSeconds: 600 } }],
    ['--job-timeout', '1.5', { pool: { workers: 2, capacity: 0, timeoutSeconds: 2 } }],
    ['--rate-limit', '10', { rateLimit: 10 }],
    ['--max-payload-size', '10485760', { maxPayloadBytes: 10485760 }],
    ['--max-payload-size', '1000', { maxPayloadBytes: 1000 }],
  ])('%s %s may be given as a variable, too', (name, value, expected) => {
    expect(readOptions([name, value])).toMatchObject(expected);
    vi.stubEnv(PREFIX + name.slice(2).replaceAll('-', '_').toUpperCase(), value);
    expect(readOptions([])).toMatchObject(expected);
  });

  test.each([
    ['VERBOSE', { verbose: true }],
    ['NO_FETCH_PARAMS', { fetchParams: false }],
    ['ENABLE_FETCH_PARAMS', { fetchParams: true }],
    ['DISABLE_AUTH', {}],
  ])('without a value is a flag, and its variable may say no: %s', (name, expected) => {
    const off = readOptions([]);
    const on = { ...off, ...expected };
    expect(readOptions([`--${name.toLowerCase().replaceAll('_', '-')}`])).toEqual(on);
    vi.stubEnv(PREFIX + name, 'true');
    expect(readOptions([])).toEqual(on);
    for (const no of ['', '0', 'false', 'No', 'OFF']) {
      vi.stubEnv(PREFIX + name, no);
      expect(readOptions([])).toEqual(off);
    }
  });

  test('on the command line counts for more than its variable', () => {
    vi.stubEnv(`${PREFIX}PORT`, '8080');
    expect(readOptions(['-p', '9090'])).toMatchObject({ port: 9090 });
  });
});

test('lanes and limits of tenants are given as the CDK context has them', () => {
  const lanes = { small: { capacity: 3 }, keys: { maxConcurrency: 4, reservedConcurrency: 5 } };
  const given = readOptions(['--lanes', JSON.stringify(lanes), '--tenant-limits', '{"inFlight":5}']);
  expect(given).toMatchObject({ lanes, tenantLimits: { inFlight: 5, perDay: 0 } });
  expect(contextOf(given)).toMatchObject({ lanes, tenantLimits: { inFlight: 5, perDay: 0 } });
});

describe('a value', () => {
  test.each([
    ['--lanes', '{small}', /It takes JSON/],
    ['--lanes', '{"tiny":{}}', /tiny/],
    ['--lanes', '{"small":{"maxConcurrency":1}}', /small\.maxConcurrency: .*2/],
    ['--lanes', '{"pool":{"capacity":1}}', /There is no lane pool here, but small, medium, large, transaction, keys\./],
    ['--lanes', '{"small":{"maxConcurrency":9,"reservedConcurrency":8}}', /Reserve as many at least/],
    ['--tenant-limits', '{"inFlight":-1}', /inFlight: /],
    ['--port', 'http', /whole number, from 0 to 65535/],
    ['--port', '65536', /from 0 to 65535/],
    ['--port', '', /from 0 to 65535/],
    ['--num-workers', '1', /AWS allows an event source 2 to 1000 functions at once/],
    ['--num-workers', '1001', /AWS allows an event source 2 to 1000/],
    ['--job-capacity', '-1', /0 or more/],
    ['--job-timeout', '901', /from 1 to 900: as long as a Lambda function may run/],
    ['--job-timeout', '0.5', /from 1 to 900/],
    ['--rate-limit', '0', /1 or more/],
    ['--max-payload-size', '10485761', /API Gateway takes bodies of up to 10485760 bytes/],
    ['--allow-origin', 'my-dapp.example', /origin of a page: https:\/\/my-dapp\.example/],
    ['--allow-origin', 'https://my-dapp.example/', /with nothing behind it/],
    ['--allow-origin', 'https://My-dApp.example:443', /origin of a page/],
    ['--allow-origin', 'ftp://my-dapp.example', /origin of a page/],
    ['--allow-origin', '*', /origin of a page/],
    ['--allow-origin', 'null', /origin of a page/],
    ['--unknown', 'x', /unknown option '--unknown=x'/],
  ])('%s %s is refused with the reason', (name, value, reason) => {
    const { text, exitCode } = refusalOf(`${name}=${value}`);
    expect(exitCode).not.toBe(0);
    expect(text).toMatch(reason);
    expect(text).toContain('npm start -- --help');
  });

  test('of a variable is refused by the variable’s name', () => {
    vi.stubEnv(`${PREFIX}NUM_WORKERS`, '1');
    expect(refusalOf().text).toContain(`${PREFIX}NUM_WORKERS`);
  });

  test('for the parameter source must be a URL', () => {
    vi.stubEnv('MIDNIGHT_PARAM_SOURCE', 'srs.midnight.network');
    expect(refusalOf().text).toContain('MIDNIGHT_PARAM_SOURCE must be a URL');
  });

  test('that contradicts another is refused', () => {
    expect(refusalOf('--enable-fetch-params', '--no-fetch-params').text).toContain('cannot be used with');
  });
});

test('--api-key is told where keys come from, and its value not repeated', () => {
  const fromLine = refusalOf('--api-key=sesame');
  expect(fromLine.exitCode).not.toBe(0);
  expect(fromLine.text).toContain('nightshift api-keys create');
  vi.stubEnv(`${PREFIX}API_KEY`, 'sesame');
  printed = '';
  const fromVariable = refusalOf();
  expect(fromVariable.text).toContain('nightshift api-keys create');
  expect(fromLine.text + fromVariable.text).not.toContain('sesame');
});

test.each(['--tls', '--enable-tls', '--auto-generate-cert'])(
  '%s speaks TLS with a certificate of its own',
  (option) => {
    expect(readOptions([option])).toEqual({ ...readOptions([]), tls: 'self-signed' });
  },
);

test('a certificate that is named needs its key, and no flag', () => {
  const tls = { cert: 'cert.pem', key: 'key.pem' };
  expect(readOptions(['--tls-cert', tls.cert, '--tls-key', tls.key])).toMatchObject({ tls });
  expect(readOptions(['--enable-tls', '--tls-cert', tls.cert, '--tls-key', tls.key])).toMatchObject({ tls });
  expect(refusalOf('--tls-cert', tls.cert).text).toContain('--tls-cert and --tls-key go together');
  expect(refusalOf('--tls-key', tls.key).text).toContain('go together');
});

test('without API keys nobody but this machine is answered', () => {
  expect(readOptions(['--host', '0.0.0.0'])).toMatchObject({ host: '0.0.0.0' });
  expect(readOptions(['--auth'])).toMatchObject({ auth: true });
  expect(readOptions(['--host', '::1', '--disable-auth'])).toMatchObject({ auth: false });
  expect(refusalOf('--host', '0.0.0.0', '--disable-auth').text).toContain('only this machine');
  expect(refusalOf('--auth', '--disable-auth').text).toContain('cannot be used with');
});

test('--dev-params takes insecure parameters', () => {
  expect(readOptions(['--dev-params'])).toEqual({ ...readOptions([]), developmentParameters: true });
});

test('--allow-origin may be given several times', () => {
  const allowedOrigins = ['https://my-dapp.example', 'http://localhost:5173'];
  expect(readOptions(allowedOrigins.flatMap((origin) => ['--allow-origin', origin]))).toMatchObject({ allowedOrigins });
});

test('where parameters lie at hand is decided as the reference server does', () => {
  vi.stubEnv('XDG_CACHE_HOME', '/cache');
  expect(readOptions([]).paramsDir).toBe('/cache/midnight/zk-params');
  vi.stubEnv('MIDNIGHT_PP', '/params');
  expect(readOptions([]).paramsDir).toBe('/params');
});

test('--help and docs/configuration.md name every option with its variable', async () => {
  const { text: help, exitCode } = refusalOf('--help');
  expect(exitCode).toBe(0);
  const names = 'port api-key disable-auth rate-limit max-payload-size num-workers job-capacity job-timeout verbose';
  const more = 'enable-fetch-params no-fetch-params enable-tls tls-cert tls-key auto-generate-cert';
  const docs = await readFile('docs/configuration.md', 'utf8');
  for (const name of `${names} ${more}`.split(' ')) {
    const variable = name.replaceAll('-', '_').toUpperCase();
    expect(help).toContain(`--${name}`);
    expect(help).toContain(`${PREFIX}${variable})`);
    expect(docs).toContain(`\`--${name}\``);
    expect(docs).toContain(`\`…_${variable}\``);
  }
  const ours = ['--host', '--auth', '--tls', '--state', '--dev-params', '--allow-origin', '--lanes', '--tenant-limits'];
  for (const name of [...ours, 'MIDNIGHT_PP', 'MIDNIGHT_PARAM_SOURCE']) {
    expect(help).toContain(name);
    expect(docs).toContain(`\`${name}\``);
  }
});

describe('the context that the stack is synthesized with', () => {
  const ofThisMachine = { packaging: 'zip', architecture: HOST_ARCHITECTURE, prover: PROVER_EXECUTABLE };

  test('without a pool keeps the lanes, capped to this machine', () => {
    expect(contextOf({})).toEqual({
      ...ofThisMachine,
      maxConcurrency: expect.any(Number),
      fetchParams: true,
      developmentParameters: false,
    });
  });

  test('with a pool has no other cap', () => {
    const pool = { workers: 4, capacity: 8, timeoutSeconds: 60 };
    expect(contextOf({ pool, fetchParams: false, developmentParameters: true, verbose: true })).toEqual({
      ...ofThisMachine,
      pool,
      fetchParams: false,
      developmentParameters: true,
      logLevel: 'DEBUG',
    });
  });
});

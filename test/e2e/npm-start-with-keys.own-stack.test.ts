/** `npm start -- --auth --tls`, by what it prints. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { signalGroup } from '../../local/process.ts';
import { nightshift } from '../cli/run.ts';
import { freshState } from '../stack/own-stack.ts';

let stateDir: string;
let npmStart: ChildProcess;
/** What it prints once it answers. */
let printed: string;

beforeEach(async () => {
  stateDir = await freshState();
  const args = ['local/bootstrap.mjs', 'local/start.ts', '--port', '0', '--state', stateDir, '--auth', '--tls'];
  const env = { ...process.env, MIDNIGHT_PP: 'layers/prover/assets' };
  npmStart = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'], env });
  printed = await printedBy(npmStart);
});

afterEach(async () => {
  const { group } = JSON.parse(await readFile(join(stateDir, 'emulator.json'), 'utf8'));
  npmStart.kill('SIGKILL');
  signalGroup(group, 'SIGKILL');
});

async function printedBy({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('nothing to read from');
  const lines: string[] = [];
  for await (const line of createInterface({ input: stdout })) {
    lines.push(line);
    if (line.endsWith(' npx nightshift lanes')) return lines.join('\n');
  }
  throw new Error('npm start ended before it answered');
}

/** Runs a command that it printed. */
async function run(command: string, ...more: string[]) {
  const line = printed.split('\n').find((line) => line.includes(`npx nightshift ${command}`));
  const [variables = '', args = ''] = `${line}`.split(' npx nightshift ');
  const env = Object.fromEntries([...variables.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
  return nightshift([...args.split(' '), ...more], env);
}

test('it says how to make a key, which then is let in by TLS, and nobody without one', async () => {
  const url = `${printed.match(/https:\/\/127\.0\.0\.1:\d+/)}`;
  const [, certificate] = printed.match(/NODE_EXTRA_CA_CERTS=(\S+\.pem)/) ?? [];
  const trusting = { NODE_EXTRA_CA_CERTS: certificate };
  expect(await run('tenants create')).toMatchObject({ code: 0 });
  const { stdout } = await run('api-keys create', '--scope', 'usage', '--scope', 'prove');
  const key = stdout.trim();
  expect(key).toMatch(/^nsk_live_/);

  const usage = (env: NodeJS.ProcessEnv) => nightshift(['usage', '--json', '--url', url], env);
  const letIn = await usage({ ...trusting, NIGHTSHIFT_API_KEY: key });
  expect(JSON.parse(letIn.stdout)).toMatchObject({ tenant: { id: 'my-tenant' } });
  expect((await usage(trusting)).stderr).toContain('✗ UNAUTHENTICATED: ');
  expect((await usage({ NIGHTSHIFT_API_KEY: key })).code, 'the certificate is not trusted').toBe(3);
});

import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, inject, test } from 'vitest';
import { environmentOf } from '../../local/aws.ts';
import { output } from '../../local/deployment.ts';
import { apiByPath } from '../../local/stack.ts';
import { nightshift } from '../cli/run.ts';

const endpoint = inject('awsEndpoint');
/** The API itself: the local gateway would put a key of its own into requests. */
const API = apiByPath(endpoint, output(inject('outputs'), 'ApiUrl'));

const smoke = (args: string[], key?: string) =>
  spawnSync(process.execPath, ['test/smoke/run.ts', ...args], {
    encoding: 'utf8',
    env: { ...process.env, NIGHTSHIFT_API_KEY: key },
  });

let key: string;
beforeAll(async () => {
  const env = environmentOf(endpoint);
  const tenant = `smoke-${randomUUID()}`;
  expect(await nightshift(['tenants', 'create', tenant], env)).toMatchObject({ code: 0 });
  const made = await nightshift(['api-keys', 'create', tenant, '--scope', 'prove'], env);
  expect(made.code, made.stderr).toBe(0);
  key = made.stdout.trim();
});

test('the smoke test proves what the deployment can, and says of the rest why it can not', () => {
  const { status, stdout } = smoke([API], key);
  expect(stdout.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^midnight\/dust\/spend ✓ succeeded, k=13, lane medium, \{.*"proveMs"/),
    expect.stringMatching(/^midnight\/zswap\/output ✓ succeeded, k=14/),
    expect.stringMatching(/^midnight\/zswap\/spend ✗ PARAMS_UNAVAILABLE: .*k=15/),
  ]);
  expect(status).toBe(1);
});

test('without a key it says that one is needed', () => {
  const { status, stdout } = smoke([API]);
  expect([status, stdout]).toEqual([1, expect.stringMatching(/^(?:\S+ ✗ UNAUTHENTICATED: .*\n){3}$/)]);
});

test('the smoke test needs to know which deployment', () => {
  expect(smoke([])).toMatchObject({ status: 2, stderr: expect.stringContaining('npm run smoke -- https://') });
});

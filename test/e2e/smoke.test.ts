import { spawnSync } from 'node:child_process';
import { expect, inject, test } from 'vitest';

const smoke = (...args: string[]) => spawnSync(process.execPath, ['test/smoke/run.ts', ...args], { encoding: 'utf8' });

test('the smoke test proves what the deployment can, and says of the rest why it can not', () => {
  const { status, stdout } = smoke(inject('baseUrl'));
  expect(stdout.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^midnight\/dust\/spend ✓ succeeded, k=13, lane medium, \{.*"proveMs"/),
    expect.stringMatching(/^midnight\/zswap\/output ✓ succeeded, k=14/),
    expect.stringMatching(/^midnight\/zswap\/spend ✗ PARAMS_UNAVAILABLE: .*k=15/),
  ]);
  expect(status).toBe(1);
});

test('the smoke test needs to know which deployment', () => {
  expect(smoke()).toMatchObject({ status: 2, stderr: expect.stringContaining('npm run smoke -- https://') });
});

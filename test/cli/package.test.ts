/** The package as npm gives it to others: away from the checkout, with nothing beside it. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VERSION } from '../../core/version.ts';
import { PROJECT } from '../../local/paths.ts';

const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  await run('npm', ['run', 'build', '--workspace', 'cli'], { cwd: PROJECT });
  folder = await mkdtemp(join(tmpdir(), 'nightshift-cli-'));
  await cp(join(PROJECT, 'cli', 'dist'), folder, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

const nightshift = (...args: string[]) =>
  run(process.execPath, [join(folder, 'nightshift.js'), ...args], { env: { AWS_EC2_METADATA_DISABLED: 'true' } });

test('is in order', async () => {
  expect((await publint({ pkgDir: folder, strict: true })).messages).toEqual([]);
});

test('tells its version', async () => {
  expect((await nightshift('--version')).stdout).toBe(`${VERSION}\n`);
});

test('asks a deployment', async () => {
  const error = { code: 3, stdout: expect.stringContaining('"UNREACHABLE"') };
  await expect(nightshift('usage', '--url', 'http://127.0.0.1:9', '--json')).rejects.toMatchObject(error);
});

test('has what an operator’s commands take', async () => {
  const error = { code: 2, stdout: expect.stringContaining('"AWS_NOT_SET_UP"') };
  await expect(nightshift('tenants', '--json')).rejects.toMatchObject(error);
});

/** The public repository's workflows: well formed by GitHub's own parser, and without holes that zizmor knows. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { PROJECT } from '../../local/paths.ts';
import { installPython } from '../../local/python.ts';
import { faultsIn, loadParser, type Validate } from './workflow-parser.ts';

const WORKFLOWS = join(PROJECT, '.github', 'workflows');
/** A slow network included. */
const INSTALL_MS = 5 * 60_000;

let parse: Validate;
let zizmor: string;
beforeAll(async () => {
  const { signal } = new AbortController();
  const requirements = join(import.meta.dirname, 'zizmor.txt');
  zizmor = join(await installPython('zizmor', requirements, () => {}, signal), 'zizmor');
  parse = await loadParser();
}, INSTALL_MS);

/** @returns its findings' names. @throws if it could not look. */
async function holesIn(path: string): Promise<string[]> {
  const args = ['--offline', '--no-exit-codes', '--no-progress', '--quiet', '--format', 'json', path];
  const { stdout } = await promisify(execFile)(zizmor, args);
  return (JSON.parse(stdout) as { ident: string; ignored: boolean }[])
    .filter(({ ignored }) => !ignored)
    .map(({ ident }) => ident);
}

test.each(await readdir(WORKFLOWS))('%s is well formed', async (name) => {
  expect(await faultsIn(await readFile(join(WORKFLOWS, name), 'utf8'), name, parse)).toEqual([]);
});

test('no workflow has a hole that is known', async () => {
  expect(await holesIn(WORKFLOWS)).toEqual([]);
});

test('a workflow that is neither is found out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-workflows-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'bad.yml');
  await writeFile(file, BAD);
  expect(await faultsIn(BAD, 'bad.yml', parse)).toEqual(
    expect.arrayContaining([
      "5: Value 'none' is not valid",
      "7: Unexpected value 'content'",
      '9: Context access might be invalid: nothing',
    ]),
  );
  const holes = ['unpinned-uses', 'template-injection', 'artipacked'];
  expect(await holesIn(file)).toEqual(expect.arrayContaining(holes));
});

const BAD = `on: pull_request
jobs:
  one:
    runs-on: ubuntu-latest
    needs: none
    permissions:
      content: read
    steps:
      - run: echo \${{ github.nothing }} \${{ github.event.pull_request.title }}
      - uses: actions/checkout@v5
`;

/** The package as npm gives it to others: packed, unpacked, looked at, bundled, compiled against, run. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { VERSION } from '../../core/version.ts';
import { PROJECT } from '../../local/paths.ts';
import { urlOf } from '../cli/server.ts';

const run = promisify(execFile);

/** A command-line tool of this project. */
const tool = (name: string): string => join(PROJECT, 'node_modules/.bin', name);

const manifestForm = z.object({
  name: z.string(),
  version: z.string(),
  exports: z.record(z.string(), z.object({ types: z.string(), default: z.string() })),
  dependencies: z.record(z.string(), z.string()),
  peerDependencies: z.record(z.string(), z.string()),
});
const packed = z.tuple([z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) })]);

const manifestFile = join(PROJECT, 'client/package.json');
const manifest = manifestForm.parse(JSON.parse(await readFile(manifestFile, 'utf8')));
const entries = Object.keys(manifest.exports).map((entry) => join(manifest.name, entry));
const [mainEntry = '', ...dropIns] = entries;

/** Of the main entry, minified and packed. */
const LARGEST_BUNDLE_BYTES = 47_000;

let folder: string;
let tarball: string;
let files: string[];

/** A project that has the package, and those of these packages beside it that are named. */
async function projectWith(packages: string[]): Promise<string> {
  const project = await mkdtemp(join(folder, 'project-'));
  const modules = join(project, 'node_modules');
  const own = join(modules, manifest.name);
  await mkdir(own, { recursive: true });
  await run('tar', ['--extract', '--file', tarball, '--directory', own, '--strip-components', '1']);
  for (const name of packages) {
    const link = join(modules, name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(PROJECT, 'node_modules', name), link);
  }
  await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  return project;
}

const dependencies = Object.keys(manifest.dependencies);
const peers = Object.keys(manifest.peerDependencies);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightshift-client-'));
  const packing = ['pack', '--workspace', 'client', '--json', '--pack-destination', folder];
  const { stdout } = await run('npm', packing, { cwd: PROJECT });
  const [{ filename, files: inside }] = packed.parse(JSON.parse(stdout));
  tarball = join(folder, filename);
  files = inside.map(({ path }) => path);
});

afterAll(() => rm(folder, { recursive: true }));

test('it has the version of what it belongs to', () => {
  expect(manifest.version).toBe(VERSION);
});

test('it holds what it exports and a README, and nothing that is not built', () => {
  expect(files).toEqual(expect.arrayContaining(['README.md', 'package.json']));
  const exported = Object.values(manifest.exports).flatMap((forms) => Object.values(forms));
  expect(files.map((path) => `./${path}`)).toEqual(expect.arrayContaining(exported));
  const built = files.filter((path) => !['README.md', 'package.json'].includes(path));
  expect(built.filter((path) => !/^dist\/.+\.(js|d\.ts)$/.test(path))).toEqual([]);
});

test('publint has nothing to say', async () => {
  const { buffer } = new Uint8Array(await readFile(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test('the types are not wrong', async () => {
  await run(tool('attw'), [tarball, '--profile', 'esm-only', '--no-definitely-typed']);
});

describe('bundled for a page, without polyfills', () => {
  const bundle = (entry: string, resolveDir: string, options: BuildOptions = {}) =>
    build({
      stdin: { contents: `export * from '${entry}'`, resolveDir },
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'browser',
      logLevel: 'silent',
      ...options,
    });

  const importsOf = ({ metafile }: Awaited<ReturnType<typeof bundle>>): string[] =>
    Object.values(metafile?.outputs ?? {}).flatMap(({ imports }) => imports.map(({ path }) => path));

  test('the main entry needs nothing besides', async () => {
    expect(importsOf(await bundle(mainEntry, await projectWith(dependencies)))).toEqual([]);
  });

  test('the main entry is small: the locales of zod, some 65 kB, stay outside', async () => {
    const { outputFiles } = await bundle(mainEntry, await projectWith(dependencies), { minify: true });
    expect(gzipSync(outputFiles?.[0]?.contents ?? '').length).toBeLessThan(LARGEST_BUNDLE_BYTES);
  });

  test.each(dropIns)('%s needs only packages of Midnight’s', async (entry) => {
    const external = peers.flatMap((name) => [name, `${name}/*`]);
    const imports = importsOf(await bundle(entry, await projectWith(dependencies), { external }));
    expect(imports).not.toEqual([]);
    expect(imports.filter((path) => !peers.includes(path))).toEqual([]);
  });

  test('a module of Node would be noticed', async () => {
    await expect(bundle('node:fs', PROJECT)).rejects.toThrow('node:fs');
  });
});

describe('in Node', () => {
  async function runIn(project: string, script: string): Promise<string> {
    await writeFile(join(project, 'script.js'), script);
    return (await run(process.execPath, ['script.js'], { cwd: project })).stdout.trim();
  }

  test('the main entry asks a server, without any package of Midnight’s', async () => {
    const url = await urlOf((_, answer) => answer.writeHead(404).end('NOT_THERE: No info here.'));
    const script = `
      import { Nightshift, NightshiftError } from '${mainEntry}';
      const error = await new Nightshift({ url: '${url}' }).info().catch((error) => error);
      console.log(error instanceof NightshiftError, error.code, error.message);`;
    expect(await runIn(await projectWith(dependencies), script)).toBe('true NOT_THERE No info here.');
  });

  test.each([
    ['ledger', 'provingProvider,proveTransaction'],
    ['midnight-js', 'nightshiftProofProvider'],
    ['wallet-sdk', 'provingService'],
  ])('%s is there with the packages that it is for', async (entry, names) => {
    const script = `
      import * as entry from '${manifest.name}/${entry}';
      console.log(Object.keys(entry).join());`;
    const exported = await runIn(await projectWith([...dependencies, ...peers]), script);
    expect(exported.split(',').sort()).toEqual(names.split(',').sort());
  });
});

describe('its declarations compile', () => {
  const script = `
    import { Nightshift, NightshiftError } from '${mainEntry}';
    const nightshift = new Nightshift({ url: new URL('https://nightshift.example/prod'), fetch });
    export async function proofOf(preimage: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
      try {
        const { proof } = await nightshift.prove({ circuit: 'midnight/dust/spend', preimage }, { signal });
        return proof;
      } catch (error) {
        const code: string | undefined = error instanceof NightshiftError ? error.code : undefined;
        throw new Error(code);
      }
    }`;

  async function compile(project: string, options: string[]): Promise<string> {
    await writeFile(join(project, 'script.ts'), script);
    const always = ['--strict', '--noEmit', '--target', 'es2024', '--ignoreConfig', 'script.ts'];
    const outputOf = ({ stdout }: { stdout: string }): string => stdout;
    return run(tool('tsc'), [...always, ...options], { cwd: project }).then(outputOf, outputOf);
  }

  test('in a page', async () => {
    const options = ['--module', 'preserve', '--lib', 'es2024,dom,dom.iterable', '--types', ''];
    expect(await compile(await projectWith(dependencies), options)).toBe('');
  });

  test('in Node', async () => {
    const options = ['--module', 'nodenext', '--lib', 'es2024', '--types', 'node'];
    expect(await compile(await projectWith([...dependencies, '@types/node']), options)).toBe('');
  });
});

/** The crates that the native prover is built from. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { PROVER_CRATE } from '../infra/prover-executable.ts';
import { byName, type Dependency } from './dependency.ts';

/** What is deployed on arm64 has one crate less, and none more. */
const TARGET = 'x86_64-unknown-linux-musl';
const MOST_BYTES = 64 * 2 ** 20;

const metadata = z.object({
  packages: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      version: z.string(),
      license: z.string().nullable(),
      license_file: z.string().nullable(),
      manifest_path: z.string(),
    }),
  ),
  resolve: z.object({
    root: z.string(),
    nodes: z.array(
      z.object({
        id: z.string(),
        deps: z.array(z.object({ pkg: z.string(), dep_kinds: z.array(z.object({ kind: z.string().nullable() })) })),
      }),
    ),
  }),
});
type Package = z.infer<typeof metadata>['packages'][number];

/** @returns the crates that end up in the executable, or make it. What tests need is none of them. */
export async function cargoDependencies(): Promise<Dependency[]> {
  const args = ['metadata', '--locked', '--format-version', '1', '--filter-platform', TARGET];
  const { stdout } = await promisify(execFile)('cargo', args, { cwd: PROVER_CRATE, maxBuffer: MOST_BYTES });
  const { packages, resolve } = metadata.parse(JSON.parse(stdout));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const seen = new Set<string>();
  const queue = [resolve.root];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const { pkg, dep_kinds } of nodes.get(id)?.deps ?? []) {
      if (seen.has(pkg) || dep_kinds.every(({ kind }) => kind === 'dev')) continue;
      seen.add(pkg);
      queue.push(pkg);
    }
  }
  const hashes = await hashesInLockFile();
  const found = packages.filter(({ id }) => seen.has(id)).map((crate) => dependencyOf(crate, hashes));
  return (await Promise.all(found)).toSorted(byName);
}

async function dependencyOf(crate: Package, hashes: Map<string, string>): Promise<Dependency> {
  const { name, version } = crate;
  const content = hashes.get(`${name}@${version}`);
  return {
    name,
    version,
    licence: crate.license?.replaceAll(/\s*\/\s*/g, ' OR ') ?? (await licenceInFile(crate)),
    purl: `pkg:cargo/${name}@${version}`,
    ...(content && { hash: { alg: 'SHA-256', content } }),
  };
}

/** Of crates that have the text, and not the name, of their licence. */
async function licenceInFile({ manifest_path, license_file }: Package): Promise<string> {
  if (!license_file) return 'unknown';
  const text = await readFile(join(dirname(manifest_path), license_file), 'utf8');
  return /^\s*Apache License\s+Version 2\.0, January 2004/.test(text) ? 'Apache-2.0' : 'unknown';
}

const LOCKED =
  /name = "(?<name>[^"]+)"\nversion = "(?<version>[^"]+)"\n(?:source = .*\n)?checksum = "(?<checksum>\w+)"/g;

async function hashesInLockFile(): Promise<Map<string, string>> {
  const text = await readFile(join(PROVER_CRATE, 'Cargo.lock'), 'utf8');
  return new Map(
    [...text.matchAll(LOCKED)].map(([, name, version, checksum = '']) => [`${name}@${version}`, checksum]),
  );
}

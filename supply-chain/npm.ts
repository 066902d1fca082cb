/** What of npm is shipped: in the functions, in the client and in the command line. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT } from '../local/paths.ts';
import { byName, type Dependency } from './dependency.ts';

/** The packages that something is shipped of; the root's own dependencies are the functions'. */
const SHIPPED = ['', 'functions', 'client', 'cli'];

/** Packages that forgot to say so in their package.json. */
const SAID_ELSEWHERE: Record<string, string> = {
  // https://github.com/midnightntwrk/midnight-ledger/blob/main/LICENSE
  '@midnight-ntwrk/ledger-v8': 'Apache-2.0',
};

const names = z.record(z.string(), z.string()).default({});
const locked = z.object({
  /** Its own, where an alias stands in its path. */
  name: z.string().optional(),
  version: z.string().optional(),
  license: z.string().optional(),
  integrity: z.string().optional(),
  dependencies: names,
  optionalDependencies: names,
});
const lockFile = z.object({ packages: z.record(z.string(), locked) });
type Packages = z.infer<typeof lockFile>['packages'];

export async function npmDependencies(): Promise<Dependency[]> {
  const { packages } = lockFile.parse(JSON.parse(await readFile(join(PROJECT, 'package-lock.json'), 'utf8')));
  const seen = new Set<string>();
  const queue = [...SHIPPED];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const { dependencies, optionalDependencies } = packages[path] ?? locked.parse({});
    const needed = Object.keys({ ...dependencies, ...optionalDependencies });
    const found = needed.flatMap((name) => pathOf(name, path, packages) ?? []).filter((one) => !seen.has(one));
    for (const one of found) seen.add(one);
    queue.push(...found);
  }
  const all = [...seen].map((path) => dependencyAt(path, packages));
  return [...new Map(all.map((one) => [one.purl, one])).values()].toSorted(byName);
}

/** Where Node finds a package: nearest to whoever asks for it. Undefined if it was not installed, being optional. */
function pathOf(name: string, from: string, packages: Packages): string | undefined {
  for (let at = from; ; at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : '') {
    const path = `${at && `${at}/`}node_modules/${name}`;
    if (packages[path]) return path;
    if (at === '') return undefined;
  }
}

function dependencyAt(path: string, packages: Packages): Dependency {
  const { name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), ...found } = locked.parse(
    packages[path],
  );
  const { version = '', license = SAID_ELSEWHERE[name] ?? 'unknown', integrity = '' } = found;
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const sha512 = /^sha512-(?<base64>\S+)$/.exec(integrity)?.groups?.base64;
  const hash = sha512 && { alg: 'SHA-512' as const, content: Buffer.from(sha512, 'base64').toString('hex') };
  return { name, version, licence: license, purl, ...(hash && { hash }) };
}

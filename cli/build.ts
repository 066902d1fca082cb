/** `npm run build --workspace cli`: the command line as a package that needs nothing of the checkout, in `dist/`. */
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { VERSION } from '../core/version.ts';

const FROM = import.meta.dirname;
const TO = join(FROM, 'dist');

await rm(TO, { recursive: true, force: true });
await build({
  entryPoints: [join(FROM, 'nightshift.ts')],
  outdir: TO,
  bundle: true,
  // What only some commands take is loaded by those: AWS's clients take long.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  minify: true,
  keepNames: true,
  // Some dependencies still call require for Node's own modules.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  logLevel: 'warning',
});
const { private: _, bin: __, ...manifest } = JSON.parse(await readFile(join(FROM, 'package.json'), 'utf8'));
const released = { ...manifest, version: VERSION, bin: { nightshift: 'nightshift.js' }, engines: { node: '>=22' } };
await writeFile(join(TO, 'package.json'), JSON.stringify(released, null, 2));
await copyFile(join(FROM, '..', 'docs', 'cli.md'), join(TO, 'README.md'));
await copyFile(join(FROM, '..', 'LICENSE'), join(TO, 'LICENSE'));

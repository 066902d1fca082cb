/** How the page is bundled. */
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { wasmLoader } from 'esbuild-plugin-wasm';

export const BUNDLE = {
  entryPoints: [join(import.meta.dirname, 'page.ts')],
  outdir: import.meta.dirname,
  bundle: true,
  // Kept in memory: some megabytes of WebAssembly are in it.
  write: false,
  format: 'esm',
  platform: 'browser',
  target: 'es2024',
  loader: { '.zkir': 'text' },
  // The ledger package imports WebAssembly as a module.
  plugins: [wasmLoader({ mode: 'embedded' })],
} as const satisfies BuildOptions;

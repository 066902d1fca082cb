/** Bundles what a page runs, the way dApps do it. */
import { build } from 'esbuild';
import { wasmLoader } from 'esbuild-plugin-wasm';
import { nodeModulesPolyfillPlugin } from 'esbuild-plugins-node-modules-polyfill';

/** @returns one script, an ES module. */
export async function bundleForBrowser(entryPoint: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    logLevel: 'warning',
    // The ledger package imports WebAssembly as a module, and what midnight-js is built on imports modules of Node.
    plugins: [wasmLoader({ mode: 'embedded' }), nodeModulesPolyfillPlugin()],
  });
  const [script] = outputFiles;
  if (!script) throw new Error(`Nothing came of bundling ${entryPoint}.`);
  return script.text;
}

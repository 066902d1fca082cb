import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { PROVER_CRATE } from './prover-executable.ts';
import { layProverStage } from './prover-stage.ts';

const ROOT = join(import.meta.dirname, '..');
/** Of this process alone: several may synthesize at once. What the app takes from it, it copies. */
const DIST = mkdtempSync(join(tmpdir(), 'nightshift-bundle-'));
process.on('exit', () => rmSync(DIST, { recursive: true, force: true }));

export const FUNCTION_NAMES = [
  'authorize',
  'submit',
  'prove',
  'transaction',
  'status',
  'prefetch',
  'sweep',
  'settle',
  'audit',
] as const;
/** A thread has a module of its own. */
const LEDGER_THREAD = 'transaction/ledger-thread';
const LEDGER = dirname(createRequire(join(ROOT, 'functions/package.json')).resolve('@midnight-ntwrk/ledger'));
const LEDGER_WASM = 'midnight_ledger_wasm_bg.wasm';

export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** Where a function's files are ready to be packed. */
export const functionDirectory = (name: FunctionName): string => join(DIST, 'functions', name);

/** What the layer puts under /opt. */
export const layerDirectory = join(DIST, 'layer');

/** The build context of prove's container image. */
export const imageDirectory = join(DIST, 'image');

/**
 * Bundles each function with all it imports into one module, and lays the prover beside them.
 *
 * @param prover the executable for the layer, and what to do if it is not there.
 */
export function bundleFunctions({ executable, how }: { executable: string; how: string }): void {
  if (!existsSync(executable)) throw new Error(`The prover is not built (${executable}). ${how}`);
  rmSync(DIST, { recursive: true, force: true });
  buildSync({
    entryPoints: Object.fromEntries(
      [...FUNCTION_NAMES.map((name) => `${name}/index`), LEDGER_THREAD].map((module) => [
        module,
        join(ROOT, 'functions', `${module}.ts`),
      ]),
    ),
    outdir: join(DIST, 'functions'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    keepNames: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Some dependencies still call require for Node's own modules.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  cpSync(join(PROVER_CRATE, 'assets/midnight'), join(functionDirectory('prefetch'), 'midnight'), {
    recursive: true,
    filter: (path) => !path.endsWith('.verifier'),
  });
  // The ledger package looks for its WebAssembly beside the module that it is part of.
  cpSync(join(LEDGER, LEDGER_WASM), join(functionDirectory('transaction'), LEDGER_WASM));
  mkdirSync(join(layerDirectory, 'bin'), { recursive: true });
  const inLayer = join(layerDirectory, 'bin/nightshift-prover');
  cpSync(executable, inLayer);
  // One that was downloaded may have come without.
  chmodSync(inLayer, 0o755);
  layProverStage(imageDirectory);
  cpSync(functionDirectory('prove'), join(imageDirectory, 'function'), { recursive: true });
}

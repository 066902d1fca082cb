/** `npm test`: everything but the long fault tests, one after the other, until something fails. */
import { spawnSync } from 'node:child_process';
import { ARCHITECTURES, PROVER_CRATE } from '../infra/prover-executable.ts';
import { installEmulator } from '../local/emulator.ts';
import { testSideBySide } from './side-by-side.ts';

const cargo = (title: string, ...args: string[]) => ({ title, command: 'cargo', args, cwd: PROVER_CRATE });

const STEPS = [
  { title: 'Format and lint', command: 'biome', args: ['ci'] },
  { title: 'Types', command: 'tsc', args: ['--project', '.'] },
  { title: 'Types of a page', command: 'tsc', args: ['--project', 'examples/dapp-page'] },
  cargo('Format of the prover', 'fmt', '--check'),
  cargo('Lint of the prover', 'clippy', '--release', '--locked', '--all-targets', '--', '--deny', 'warnings'),
  cargo('The prover', 'build', '--release', '--locked'),
  cargo('Tests of the prover', 'test', '--release', '--locked'),
  ...ARCHITECTURES.map((architecture) => ({
    title: `The prover for Lambda on ${architecture}`,
    command: 'node',
    args: ['local/build-prover.ts', '--arch', architecture],
  })),
];

for (const { title, command, args, ...options } of STEPS) {
  console.error(`\n── ${title}: ${command} ${args.join(' ')}`);
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (error) console.error(`${command} could not be started: ${error.message}. Is it installed?`);
  if (status !== 0) process.exit(status ?? 1);
}
console.error('\n── The emulated AWS');
// Two that install it at once would get in each other's way.
await installEmulator((text) => console.error(text), new AbortController().signal);
console.error('\n── Tests of everything else: vitest');
process.exit(await testSideBySide(process.argv.slice(2)));

/** `npm run build:prover`: the native prover, for this machine or for Lambda. */
import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import { ARCHITECTURES, type ArchitectureName } from '../infra/prover-executable.ts';
import { LocalError } from './error.ts';
import { progressOn, type Report } from './progress.ts';
import { buildProver, buildStaticProver, buildStaticProverInContainer } from './prover.ts';

const { arch, container } = new Command('npm run build:prover --')
  .description('Builds the native prover: for this machine, or with --arch for Lambda.')
  .addOption(new Option('--arch <architecture>', 'what Lambda runs it on').choices(ARCHITECTURES))
  .option('--container', 'build in a container engine, docker or what CDK_DOCKER names, without Rust', false)
  .parse()
  .opts<{ arch?: ArchitectureName; container: boolean }>();

const { signal } = new AbortController();
const build = (report: Report): Promise<void> => {
  if (!arch) return buildProver(report, signal);
  return container ? buildStaticProverInContainer(arch, report, signal) : buildStaticProver(arch, report, signal);
};
try {
  await progressOn(process.stderr).step(arch ? `Prover for Lambda on ${arch}` : 'Prover', build);
} catch (error) {
  if (!(error instanceof LocalError)) throw error;
  console.error(`${styleText('red', '✗')} ${error.code}: ${error.message}`);
  process.exitCode = 1;
}

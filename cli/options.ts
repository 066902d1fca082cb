/** The commands of `nightshift` and their options. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { VERSION } from '../core/version.ts';
import { bringDevelopmentParams } from './development-params.ts';
import { EXIT_CODES_HELP } from './error.ts';
import { push } from './push.ts';

/** Where `npm start` answers. */
const LOCAL_URL = 'http://127.0.0.1:6300';

/** @returns the parser. It throws CommanderError once it has printed the reason or the help, and CliError. */
export function nightshift(): Command {
  const program = new Command('nightshift')
    .description('Proving without servers for the Midnight network.')
    .version(VERSION)
    .addHelpText('afterAll', EXIT_CODES_HELP)
    .showHelpAfterError('nightshift help lists commands and options.')
    .exitOverride();

  program
    .command('push')
    .description('registers a contract: its keys are derived, and its calls proved from a few hundred bytes')
    .argument('<folder>', 'what the Compact compiler wrote to: the folder with zkir/ and keys/')
    .addOption(serverUrl())
    .option('--no-wait', 'do not wait until the keys are derived')
    .option('--json', 'print the contract as JSON')
    .addOption(new Option('--prover-keys', 'upload keys/*.prover too, instead of having them derived').conflicts('dev'))
    .option('--dev', 'use development parameters: INSECURE, for tests only; verifier keys are left out')
    .action(push);

  program
    .command('params')
    .description('public parameters')
    .command('dev')
    .description('makes development parameters: INSECURE, for tests only')
    .addOption(
      new Option('--k <number>', 'of circuits with up to 2^k rows').makeOptionMandatory().argParser(wholeNumber),
    )
    .addOption(serverUrl())
    .action(bringDevelopmentParams);

  return program;
}

const serverUrl = (): Option =>
  new Option('--url <url>', 'where Nightshift answers').env('NIGHTSHIFT_URL').default(LOCAL_URL).argParser(httpUrl);

function httpUrl(text: string): string {
  if (/^https?:/.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError(`It takes a URL, such as ${LOCAL_URL}.`);
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It takes a whole number.');
}

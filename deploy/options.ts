/** What `npm run deploy` and `npm run diff` are told. */
import { Command, InvalidArgumentError } from 'commander';
import type { Context } from './assembly.ts';

export interface Options {
  context: Context;
  /** What the CDK is told besides. */
  cdkArgs: string[];
}

/** @param cdkCommand that takes all other options. */
export function optionsOf(cdkCommand: 'deploy' | 'diff', description: string, args: string[]): Options {
  const command = new Command(`npm run ${cdkCommand} --`)
    .description(description)
    .option('-c, --context <name=value>', 'a setting: docs/configuration.md', added, {})
    .allowUnknownOption()
    .argument('[options...]', `options of cdk ${cdkCommand}: npx cdk ${cdkCommand} --help`)
    .parse(args, { from: 'user' });
  return { context: command.opts().context, cdkArgs: command.args };
}

function added(text: string, context: Context): Context {
  const [, name, value] = text.match(/^([^=]+)=(.*)$/s) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It takes name=value.');
  return { ...context, [name]: value };
}

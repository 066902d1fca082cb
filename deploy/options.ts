/** What `npm run deploy` and `npm run diff` are told. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { stageOption } from '../cli/options.ts';
import { stageSchema } from '../core/stage.ts';
import { SETTING_NAMES } from '../infra/settings.ts';
import { PROJECT } from '../local/paths.ts';

/** As CDK context has it: text from the command line, JSON from cdk.json. */
export type Context = Record<string, unknown>;

const CDK_JSON = join(PROJECT, 'cdk.json');
const cdkJson = z.object({ context: z.record(z.string(), z.unknown()).default({}) });

export interface Options {
  /** Of the command line, over that of cdk.json. */
  context: Context;
  /** What the CDK is told besides. */
  cdkArgs: string[];
}

/** @param cdkCommand that takes all other options. */
export function optionsOf(cdkCommand: 'deploy' | 'diff', description: string, args: string[]): Options {
  const command = new Command(`npm run ${cdkCommand} --`)
    .description(description)
    .option('-c, --context <name=value>', 'a setting: docs/configuration.md', added, {})
    .addOption(stageOption())
    .option('--profile <name>', "of AWS's configuration files")
    .allowUnknownOption()
    .argument('[options...]', `options of cdk ${cdkCommand}: npx cdk ${cdkCommand} --help`)
    .parse(args, { from: 'user' });
  const { context } = cdkJson.parse(JSON.parse(readFileSync(CDK_JSON, 'utf8')));
  const { context: given, stage, profile } = command.opts<{ context: Context; stage?: string; profile?: string }>();
  // So the CDK and what looks before and after it are in the same account.
  if (profile) process.env.AWS_PROFILE = profile;
  return { context: { ...context, ...(stage && { stage }), ...given }, cdkArgs: command.args };
}

function added(text: string, context: Context): Context {
  const [, name, value] = text.match(/^([^=]+)=(.*)$/s) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It takes name=value.');
  // The CDK's own have a colon.
  if (!SETTING_NAMES.includes(name) && !name.includes(':')) {
    throw new InvalidArgumentError(`There is no setting ${name}: docs/configuration.md has them all.`);
  }
  return { ...context, [name]: value };
}

/** The stage that is deployed, unless it is the deployment that has no name. */
export const stageIn = ({ stage }: Context): string | undefined => stageSchema.optional().parse(stage);

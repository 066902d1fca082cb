/** `nightshift api-keys`: what lets a tenant in. What it does is in `operator/`. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { DEFAULT_KEY_LIMITS, keyLimits } from '../../core/access/key-limits.ts';
import { DEFAULT_SCOPES, SCOPES, type Scope } from '../../core/access/scopes.ts';
import { wholeNumber } from '../../local/number-options.ts';
import type { KeyOptions } from '../operator/api-keys.ts';
import { type StackOptions, withStack } from '../options.ts';
import { perform } from '../perform.ts';

/** A hundred years: the calendar has an end. */
const MOST_DAYS = 36_500;

const { secret, publishable } = DEFAULT_KEY_LIMITS;

const CREATE_HELP = `
The key is all that goes to stdout, and is not shown again: only its hash is kept.

  NIGHTSHIFT_API_KEY=$(nightshift api-keys create acme --scope prove --scope register)

A publishable key may stand in a page: it works for pages of its origins, for circuits of its contracts, to prove and to
verify, and for so many jobs a minute.

  nightshift api-keys create acme --publishable --origin https://app.example --contract midnight`;

export function addApiKeys(program: Command): void {
  const apiKeys = program.command('api-keys').description("a deployment's API keys, for its operator");
  addCreate(apiKeys);
  addList(apiKeys);
  addRotate(apiKeys);
  addRevoke(apiKeys);
}

function addCreate(apiKeys: Command): void {
  withStack(
    apiKeys
      .command('create')
      .description('makes a key of a tenant, and prints it')
      .argument('<tenant>', 'as nightshift tenants lists it')
      .option('--name <name>', 'what it is called in lists')
      .option(
        '--scope <scope>',
        `${SCOPES.join(', ')}; may be repeated (default: ${DEFAULT_SCOPES.join(' and ')})`,
        scopes,
      )
      .addOption(
        new Option('--days <number>', 'so long it works')
          .argParser(wholeNumber(z.int().min(1).max(MOST_DAYS)))
          .conflicts('validUntil'),
      )
      .option('--valid-until <time>', 'so long it works, as 2027-01-31 or with the time of day', time)
      .option('--publishable', 'may stand in a page')
      .option('--origin <origin>', 'whose pages may use it; may be repeated', collected)
      .option('--contract <id>', 'whose circuits it is for; midnight: the built-in ones; may be repeated', collected)
      .option(
        '--per-minute <number>',
        `jobs of a minute; 0: any number (default: ${secret.perMinute}, publishable: ${publishable.perMinute})`,
        wholeNumber(keyLimits.shape.perMinute),
      )
      .option(
        '--per-day <number>',
        `jobs from midnight to midnight, UTC; 0: any number (default: ${secret.perDay})`,
        wholeNumber(keyLimits.shape.perDay),
      )
      .addHelpText('after', CREATE_HELP),
  ).action((tenant: string, options: StackOptions & KeyOptions) =>
    perform(options, async () => (await import('../operator/api-keys.ts')).createKey(tenant, options)),
  );
}

function addList(apiKeys: Command): void {
  withStack(
    apiKeys.command('list').description('lists the keys of a tenant').argument('<tenant>', 'the tenant'),
  ).action((tenant: string, options: StackOptions) =>
    perform(options, async () => (await import('../operator/api-keys.ts')).listKeys(tenant, options)),
  );
}

function addRotate(apiKeys: Command): void {
  withStack(
    apiKeys
      .command('rotate')
      .description('makes a key that may do the same, and prints it; the old one works for a while yet')
      .argument('<id>', 'as nightshift api-keys list tells')
      .addOption(
        new Option('--overlap <time>', 'how long the old one works, such as 30m, 24h or 7d')
          .default(24 * 3600, '24h')
          .argParser(seconds),
      ),
  ).action((id: string, options: StackOptions & { overlap: number }) =>
    perform(options, async () => (await import('../operator/api-keys.ts')).replaceKey(id, options)),
  );
}

function addRevoke(apiKeys: Command): void {
  withStack(
    apiKeys.command('revoke').description('ends a key').argument('<id>', 'as nightshift api-keys list tells'),
  ).action((id: string, options: StackOptions) =>
    perform(options, async () => (await import('../operator/api-keys.ts')).endKey(id, options)),
  );
}

const collected = (text: string, others: string[] = []): string[] => [...others, text];

function scopes(text: string, others: Scope[] = []): Scope[] {
  const scope = SCOPES.find((candidate) => candidate === text);
  if (scope) return [...others, scope];
  throw new InvalidArgumentError(`Allowed choices are ${SCOPES.join(', ')}.`);
}

function time(text: string): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('It takes a date, such as 2027-01-31.');
  return date.toISOString();
}

const SECONDS_OF: Record<string, number> = { s: 1, m: 60, h: 3600, d: 24 * 3600 };

function seconds(text: string): number {
  const { count, unit = '' } = /^(?<count>\d+)(?<unit>[smhd])$/.exec(text)?.groups ?? {};
  const time = Number(count) * (SECONDS_OF[unit] ?? 0);
  if (count !== undefined && time <= MOST_DAYS * 24 * 3600) return time;
  throw new InvalidArgumentError(
    `It takes a number of seconds, minutes, hours or days, such as 24h, and ${MOST_DAYS} days at most.`,
  );
}

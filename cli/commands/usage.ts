/** `nightshift usage`: what is used of the limits of an API key and its tenant. */
import type { Command } from 'commander';
import type { Usage } from '../../client/index.ts';
import { clientOf } from '../deployment.ts';
import { type ServerOptions, withServer } from '../options.ts';
import { type Outcome, perform } from '../perform.ts';
import { tableOf } from '../print.ts';

export function addUsage(program: Command): void {
  withServer(
    program.command('usage').description('tells what is used of the limits of the API key and its tenant'),
  ).action((options: ServerOptions) => perform(options, ({ first }) => usage(options, first)));
}

async function usage(options: ServerOptions, signal: AbortSignal): Promise<Outcome> {
  const value = await clientOf(options).usage({ signal });
  return { value, text: `Tenant ${value.tenant.id}\n\n${tableOf([COLUMNS, ...rowsOf(value)])}` };
}

const COLUMNS = ['LIMIT', 'USED', 'OF', 'UNTIL'];

const rowsOf = ({ tenant, apiKey }: Usage): string[][] => [
  rowOf('jobs in flight', tenant.inFlight),
  rowOf('jobs a day', tenant.perDay),
  rowOf('circuits', tenant.circuits),
  rowOf('jobs a minute by this key', apiKey.perMinute),
  rowOf('jobs a day by this key', apiKey.perDay),
];

const rowOf = (name: string, { used, limit, endsAt = '' }: { used?: number; limit: number; endsAt?: string }) => [
  name,
  `${used ?? 'not counted'}`,
  limit === 0 ? 'any number' : `${limit}`,
  endsAt,
];

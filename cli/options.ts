/** Options that several commands have. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { stageSchema } from '../core/stage.ts';
import { wholeNumber } from '../local/number-options.ts';
import type { Deployment } from './deployment.ts';
import type { OutputOptions } from './perform.ts';

/** Where `npm start` answers. */
const LOCAL_URL = 'http://127.0.0.1:6300';

/** Of every command that asks a deployment. */
export interface ServerOptions extends Deployment, OutputOptions {}

export const withServer = (command: Command): Command =>
  command
    .addOption(
      new Option('--url <url>', 'where Nightshift answers').env('NIGHTSHIFT_URL').default(LOCAL_URL).argParser(httpUrl),
    )
    .addOption(apiKey())
    .addOption(json());

/** Of every command of an operator, whom AWS credentials let in. AWS's clients take long to load: only those load them. */
export interface StackOptions extends OutputOptions {
  stage?: string;
}

export const withStack = (command: Command): Command => command.addOption(stageOption()).addOption(json());

export const stageOption = (): Option =>
  new Option('--stage <name>', 'the deployment, as -c stage=… named it; without it, the one that has no name')
    .env('NIGHTSHIFT_STAGE')
    .argParser(stage);

export const apiKey = (): Option =>
  new Option('--api-key <key>', 'sent as X-API-Key; other users of the machine see it, unlike the variable').env(
    'NIGHTSHIFT_API_KEY',
  );

export const json = (): Option => new Option('--json', 'print one JSON value on stdout, errors too');

/** @returns origin and path, without a slash at its end. */
export function httpUrl(text: string): string {
  if (!/^https?:/.test(text) || !URL.canParse(text)) {
    throw new InvalidArgumentError(`It takes a URL, such as ${LOCAL_URL}.`);
  }
  const { origin, pathname } = new URL(text);
  return origin + pathname.replace(/\/+$/, '');
}

function stage(text: string): string {
  const { data, error } = stageSchema.safeParse(text);
  if (error) throw new InvalidArgumentError(`${error.issues[0]?.message}.`);
  return data;
}

/** The circuit that a command is about, where its name is not the argument. */
export const circuit = (): Option =>
  new Option('--circuit <name>', 'the circuit that it is for: built in, or in the contract');

export const contract = (): Option =>
  new Option('--contract <id>', 'the contract that the circuit is in, unless it is built in');

export const bindingInput = (): Option =>
  new Option('--binding-input <decimal>', "takes the place of the preimage's own").argParser(decimal);

export const kOption = (): Option =>
  new Option('--k <number>', 'of circuits with up to 2^k rows')
    .makeOptionMandatory()
    .argParser(wholeNumber(z.int().min(0)));

export type Labels = Record<string, string>;

/** Repeatable. */
export const label = (): Option =>
  new Option('--label <name:value>', 'label of the job; may be repeated').argParser(addLabel);

function addLabel(text: string, others: Labels = {}): Labels {
  const { name, value } = text.match(/^(?<name>[^:]+):(?<value>.*)$/s)?.groups ?? {};
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It takes name:value.');
  return { ...others, [name]: value };
}

function decimal(text: string): string {
  if (/^\d+$/.test(text)) return text;
  throw new InvalidArgumentError('It takes a decimal number.');
}

/** `nightshift params dev`: has development parameters made, before a contract needs them. */
import { Api } from './api.ts';
import { warn } from './print.ts';
import { step } from './progress.ts';

/** @throws CliError */
export async function bringDevelopmentParams({ k, url }: { k: number; url: string }): Promise<void> {
  warn(await step(`Development parameters for k=${k}`, () => new Api(url).developmentParams(k)));
}

/** `--allow-origin`, as the servers on this machine take it. */
import { InvalidArgumentError, Option } from 'commander';

/** @param whatFor what pages of that origin may do then */
export const allowOrigin = (whatFor: string): Option =>
  new Option('--allow-origin <origin>', `let pages of that origin ${whatFor}; may be given several times`)
    .default([])
    .argParser(addOrigin);

/** One more, as browsers write it. */
function addOrigin(text: string, before: string[]): string[] {
  const { protocol, origin } = URL.parse(text) ?? {};
  if (origin === text && /^https?:$/.test(`${protocol}`)) return [...before, text];
  throw new InvalidArgumentError('It takes the origin of a page: https://my-dapp.example, with nothing behind it.');
}

/** `nightshift verify`: whether a proof holds for a statement. */
import type { Command } from 'commander';
import { z } from 'zod';
import { clientOf } from '../deployment.ts';
import { CliError, EXIT, wrongUse } from '../error.ts';
import { nameOf, readNamed } from '../files.ts';
import { circuit, contract, type ServerOptions, withServer } from '../options.ts';
import { type Outcome, perform } from '../perform.ts';
import { warn } from '../print.ts';

interface VerifyOptions extends ServerOptions {
  circuit: string;
  contract?: string;
  statement: string;
}

export function addVerify(program: Command): void {
  withServer(
    program
      .command('verify')
      .description('tells whether a proof holds for a statement')
      .argument('<proof>', 'a tagged proof; - is stdin')
      .addOption(circuit().makeOptionMandatory())
      .addOption(contract())
      .requiredOption(
        '--statement <public inputs>',
        'decimals with commas between them, or a file with a JSON array of them, or with a job as --json prints it',
      ),
  ).action((proof: string, options: VerifyOptions) => perform(options, ({ first }) => verify(proof, options, first)));
}

async function verify(proofFile: string, options: VerifyOptions, signal: AbortSignal): Promise<Outcome> {
  const { circuit, contract } = options;
  const proof = await readNamed(proofFile, signal);
  const statement = await statementIn(options.statement, signal);
  const value = await clientOf(options).verify({ circuit, contract, proof, statement }, { signal });
  if (value.warning) warn(value.warning);
  const { valid, reason = 'The proof does not hold.' } = value;
  if (!valid) return { value, failures: [new CliError('INVALID_PROOF', EXIT.refused, reason)] };
  return { value, text: 'The proof holds.' };
}

const DECIMALS = /^\d+(?:,\d+)*$/;
const decimals = z.array(z.string().regex(/^\d+$/));
const statementFile = z.union([decimals, z.object({ statement: decimals }).transform(({ statement }) => statement)]);

/** @throws CliError WRONG_USE, FILE_NOT_READABLE */
async function statementIn(given: string, signal: AbortSignal): Promise<string[]> {
  if (DECIMALS.test(given)) return given.split(',');
  const content = await readNamed(given, signal);
  try {
    return statementFile.parse(JSON.parse(content.toString()));
  } catch {
    throw wrongUse(`${nameOf(given)} holds no statement: a JSON array of decimals in quotes, or a job that has one.`);
  }
}

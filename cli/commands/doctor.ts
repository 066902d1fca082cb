/** `nightshift doctor`: says what is wrong with a setup, and what to do. */
import { styleText } from 'node:util';
import type { Command } from 'commander';
import { diagnose } from '../doctor/diagnose.ts';
import type { Finding } from '../doctor/finding.ts';
import { CliError, EXIT } from '../error.ts';
import { type ServerOptions, withServer } from '../options.ts';
import { type Outcome, perform } from '../perform.ts';

interface DoctorOptions extends ServerOptions {
  contract?: string;
}

export function addDoctor(program: Command): void {
  withServer(
    program
      .command('doctor')
      .description('says what is wrong with a setup, and what to do')
      .option('--contract <id>', 'look at the circuits of that contract, too'),
  ).action((options: DoctorOptions) => perform(options, ({ first }) => doctor(options, first)));
}

async function doctor(options: DoctorOptions, signal: AbortSignal): Promise<Outcome> {
  const findings: Finding[] = [];
  for await (const finding of diagnose(options, options.contract, signal)) {
    findings.push(finding);
    if (!options.json) console.log(lineOf(finding));
  }
  const wrong = findings.filter(({ ok }) => !ok).length;
  const summary = `${wrong} of ${findings.length} checks failed.`;
  return {
    value: { ok: wrong === 0, findings },
    failures: wrong === 0 ? [] : [new CliError('SETUP', EXIT.refused, summary)],
  };
}

function lineOf({ check, found, advice, ...finding }: Finding): string {
  return `${markOf(finding)} ${check}: ${found}${advice ? `\n  → ${advice}` : ''}`;
}

function markOf({ ok, skipped }: Pick<Finding, 'ok' | 'skipped'>): string {
  if (skipped) return styleText('yellow', '–');
  return ok ? styleText('green', '✓') : styleText('red', '✗');
}

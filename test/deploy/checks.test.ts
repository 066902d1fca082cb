import { describe, expect, test } from 'vitest';
import type { Template } from '../../deploy/assembly.ts';
import { concurrencyFindings } from '../../deploy/checks.ts';
import { synthesize } from '../infra/synthesize.ts';

const account = (all: number, unreserved = all) => ({
  ConcurrentExecutions: all,
  UnreservedConcurrentExecutions: unreserved,
});

const plain = synthesize({ packaging: 'zip' }).toJSON() as Template;

describe('the concurrency of an account', () => {
  test('of which there is enough is not spoken of', () => {
    expect(concurrencyFindings(plain, account(1000))).toEqual({ problems: [], warnings: [] });
  });

  test('of ten, as a new one has it, is worth a warning', () => {
    const { problems, warnings } = concurrencyFindings(plain, account(10));
    expect(problems).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/runs 10 functions at once, and the lanes alone may take 75/)]);
  });

  test('has to have what lanes reserve, and a hundred more', () => {
    const lanes = { small: { maxConcurrency: 50, reservedConcurrency: 50 } };
    const reserving = synthesize({ packaging: 'zip', lanes }).toJSON() as Template;
    expect(concurrencyFindings(reserving, account(1000, 150))).toEqual({ problems: [], warnings: [] });
    expect(concurrencyFindings(reserving, account(1000, 149))).toEqual({
      problems: [],
      warnings: [expect.stringContaining('149 are free: AWS refuses that, unless this deployment has it already')],
    });
    expect(concurrencyFindings(reserving, account(149)).problems).toEqual([
      expect.stringContaining('reserve a concurrency of 50, 100 have to stay, and the account has 149'),
    ]);
  });
});

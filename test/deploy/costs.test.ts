import { describe, expect, test } from 'vitest';
import type { Template } from '../../deploy/assembly.ts';
import { costsOf, standingOf } from '../../deploy/costs.ts';
import { synthesize } from '../infra/synthesize.ts';

const templateOf = (context: Record<string, unknown>): Template =>
  synthesize({ packaging: 'zip', ...context }).toJSON() as Template;

describe('what a deployment costs', () => {
  test('follows from what its template has', () => {
    expect(standingOf(templateOf({}))).toEqual({
      polledQueues: 6,
      kmsKeys: 1,
      webAcls: 1,
      webAclRules: 2,
      alarms: 11,
    });
  });

  test('is less without web ACL and KMS key', () => {
    const text = costsOf(templateOf({ waf: false, kms: false }), 'arm64');
    expect(text).toContain('$2.66 a month: polling $1.56, KMS $0.00, web ACL $0.00, alarms $1.10');
  });

  test('names the switches where there is something to switch off', () => {
    expect(costsOf(templateOf({}), 'arm64')).toContain('KMS $1.00 (-c kms=false), web ACL $7.00 (-c waf=false)');
  });

  test('is a fifth less for a proof on arm64', () => {
    const template = templateOf({});
    const [onArm, onX86] = (['arm64', 'amd64'] as const).map((architecture) =>
      Number(costsOf(template, architecture).match(/k=14 \$([\d.]+)/)?.[1]),
    ) as [number, number];
    expect(onArm / onX86).toBeCloseTo(0.8, 2);
  });
});

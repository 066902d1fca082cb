/** Who may unwrap private sealing keys, as the template's policies together decide it. */
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { SEALING_PURPOSE } from '../../core/store/kms.ts';
import { synthesize } from './synthesize.ts';

interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Principal?: { AWS: unknown };
  Condition?: Record<string, Record<string, unknown>>;
}
interface Request {
  action: string;
  context: Record<string, unknown>;
}

/** Every test of a condition; one that is not known here throws. */
const CONDITIONS: Record<string, (actual: string, expected: string[]) => boolean> = {
  StringEquals: (actual, expected) => expected.includes(actual),
  ArnNotEquals: (actual, expected) => !expected.includes(actual),
};

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function applies({ Action, Condition = {} }: Statement, { action, context }: Request): boolean {
  const isNamed = [Action].flat().some((name) => new RegExp(`^${name.replaceAll('*', '.*')}$`).test(action));
  if (!isNamed) return false;
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) =>
      (CONDITIONS[operator] as (typeof CONDITIONS)[string])(text(context[key]), [expected].flat().map(text)),
    ),
  );
}

describe.each(['image', 'zip'])('packaging=%s', (packaging) => {
  let template: Template;
  let keyPolicy: Statement[];
  /** What its role may do, by the function's name in the template. */
  const policies = new Map<string, { role: unknown; statements: Statement[] }>();

  beforeAll(() => {
    template = synthesize({ packaging });
    const [key, ...others] = Object.values(template.findResources('AWS::KMS::Key'));
    expect(others).toEqual([]);
    keyPolicy = key?.Properties.KeyPolicy.Statement;
    for (const [name, { Properties }] of Object.entries(template.findResources('AWS::Lambda::Function'))) {
      const role = Properties.Role;
      const statements = Object.values(template.findResources('AWS::IAM::Policy'))
        .filter((policy) => policy.Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role['Fn::GetAtt'][0]))
        .flatMap((policy) => policy.Properties.PolicyDocument.Statement);
      policies.set(name, { role, statements });
    }
  });

  const isDenied = (request: Request) =>
    keyPolicy.some((statement) => statement.Effect === 'Deny' && applies(statement, request));

  /** The functions that may do it with a private sealing key. */
  function functionsThatMay(action: string): string[] {
    const allowed = [...policies].filter(([, { role, statements }]) => {
      const context = {
        'kms:EncryptionContext:purpose': SEALING_PURPOSE,
        'kms:DataKeyPairSpec': 'ECC_NIST_P256',
        'aws:PrincipalArn': role,
      };
      const isAllowed = statements.some((statement) => {
        // Of other services' actions the conditions are others, too.
        return (
          [statement.Action].flat().some((name) => name.startsWith('kms:')) && applies(statement, { action, context })
        );
      });
      return isAllowed && !isDenied({ action, context });
    });
    return allowed.map(([name]) => name.replace(/[0-9A-F]{8}$/, '')).sort();
  }

  test('unwrapping is for the functions that compute on witnesses', () => {
    const workers = ['Lanelargeprove', 'Lanemediumprove', 'Lanesmallprove', 'Lanetransaction'];
    expect(functionsThatMay('kms:Decrypt')).toEqual(workers);
  });

  test('making is for those that seal, and shows them no private key', () => {
    const sealing = ['Apistatus', 'Apisubmit', 'Lanetransaction'];
    expect(functionsThatMay('kms:GenerateDataKeyPairWithoutPlaintext')).toEqual(sealing);
    expect(functionsThatMay('kms:GenerateDataKeyPair')).toEqual([]);
  });

  test.each(['kms:Decrypt', 'kms:GenerateDataKeyPair', 'kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'])(
    '%s with a sealing key is denied to an administrator, whatever else allows it; with other keys it is not',
    (action) => {
      const principal = { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/administrator' };
      const context = { ...principal, 'kms:EncryptionContext:purpose': SEALING_PURPOSE };
      expect(isDenied({ action, context })).toBe(true);
      expect(isDenied({ action, context: principal })).toBe(false);
    },
  );

  test('denials are for everybody, and are lifted for no service', () => {
    const denials = keyPolicy.filter(({ Effect }) => Effect === 'Deny');
    expect(denials.map(({ Principal }) => Principal)).toEqual(denials.map(() => ({ AWS: '*' })));
    const conditions = denials.flatMap(({ Condition = {} }) => Object.values(Condition).flatMap(Object.keys));
    expect(new Set(conditions)).toEqual(new Set(['kms:EncryptionContext:purpose', 'aws:PrincipalArn']));
  });
});

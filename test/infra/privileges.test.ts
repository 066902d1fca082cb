/** Every permission of every function, for review: `privileges.txt`. */
import type { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { type Privilege, privilegesIn } from './privileges.ts';
import { synthesize } from './synthesize.ts';

/** Why wildcards are where they are. */
const REASONS: Record<string, string> = {
  '*': 'X-Ray knows no resources',
  'StorageBucket/witness/*': 'named by jobs',
  'StorageBucket/results/*': 'named by jobs',
  'StorageBucket/results/answers/*': 'named by jobs',
  'StorageBucket/keys/*': 'named by circuits, which are hashes',
  'StorageBucket/keys/*/zkir*': 'named by circuits, which are hashes',
  'StorageBucket/keys/*/verifier*': 'named by circuits, which are hashes',
  'StorageBucket/keys/inlined/*': 'named by their hash',
  'StorageBucket/uploads/*': 'named by their hash',
  'StorageBucket/params/*': 'named by their size',
  'AuditBucket/*': 'named by days and changes',
  'StorageBucket/secrets/*': 'one object, the key of digests',
  'Lanesmallprove:*': 'each version once',
  'Lanemediumprove:*': 'each version once',
  'Lanelargeprove:*': 'each version once',
};

function textOf({ actions, resource, conditions }: Privilege): string {
  const reason = resource.includes('*') ? `  (${REASONS[resource] ?? 'WITHOUT A REASON'})` : '';
  return [
    `  ${resource}${reason}`,
    `    ${actions.toSorted().join(', ')}`,
    ...conditions.map((line) => `    if ${line}`),
  ].join('\n');
}

const listOf = (template: Template): string =>
  [...privilegesIn(template)]
    .map(([name, privileges]) => `${name}\n${privileges.map(textOf).sort().join('\n')}\n`)
    .sort()
    .join('\n');

const template = synthesize({ packaging: 'zip' });
const list = listOf(template);

test('functions may do what was reviewed', async () => {
  await expect(list).toMatchFileSnapshot('privileges.txt');
});

test('no wildcard is without a reason, and none stands for actions', () => {
  expect(list).not.toContain('WITHOUT A REASON');
  expect(list).not.toMatch(/^ {4}(?!if ).*:\w*\*/m);
});

test('one function adds to the audit log, and none may do more with it', () => {
  const privileges = [...privilegesIn(template)].flatMap(([name, all]) => all.map((one) => ({ name, ...one })));
  const onLog = privileges.filter(({ resource }) => resource.startsWith('AuditBucket'));
  expect(onLog.map(({ name, actions }) => [name, actions])).toEqual([['Auditaudit', ['s3:PutObject']]]);
});

test('without a KMS key they may have sealing keys by Parameter Store, and nothing else is different', () => {
  const byKms: Record<string, string> = {
    'kms:GenerateDataKeyPairWithoutPlaintext': 'ssm:PutParameter',
    'kms:Decrypt': 'ssm:GetParameter',
  };
  const resource = 'arn:AWS::Partition:ssm:AWS::Region:AWS::AccountId:parameter/Nightshift/sealing-keys/*';
  const expected = [...privilegesIn(template)].map(([name, privileges]) => {
    const replaced = privileges.map((privilege) => {
      const action = byKms[`${privilege.actions}`];
      return action ? { actions: [action], resource, conditions: [] } : privilege;
    });
    return [name, replaced] as const;
  });
  expect(privilegesIn(synthesize({ packaging: 'zip', kms: false }))).toEqual(new Map(expected));
});

test('however they are packed', () => {
  expect(listOf(synthesize({ packaging: 'image' }))).toBe(list);
});

/** Every permission of every function, for review: `privileges.txt`. */
import { expect, test } from 'vitest';
import { type Privilege, privilegesIn } from './privileges.ts';
import { synthesize } from './synthesize.ts';

/** Why wildcards are where they are. */
const REASONS: Record<string, string> = {
  '*': 'X-Ray knows no resources',
  'StorageBucket/witness/*': 'named by jobs',
  'StorageBucket/results/*': 'named by jobs',
  'StorageBucket/keys/*': 'named by circuits, which are hashes',
  'StorageBucket/keys/*/zkir*': 'named by circuits, which are hashes',
  'StorageBucket/keys/*/verifier*': 'named by circuits, which are hashes',
  'StorageBucket/keys/inlined/*': 'named by their hash',
  'StorageBucket/uploads/*': 'named by their hash',
  'StorageBucket/params/*': 'named by their size',
  'AuditBucket/*': 'named by days and changes',
  'StorageBucket/secrets/*': 'one object, the key of digests',
};

function textOf({ actions, resource, conditions }: Privilege): string {
  const reason = resource.includes('*') ? `  (${REASONS[resource] ?? 'WITHOUT A REASON'})` : '';
  return [
    `  ${resource}${reason}`,
    `    ${actions.toSorted().join(', ')}`,
    ...conditions.map((line) => `    if ${line}`),
  ].join('\n');
}

const listOf = (packaging: string): string =>
  [...privilegesIn(synthesize({ packaging }))]
    .map(([name, privileges]) => `${name}\n${privileges.map(textOf).sort().join('\n')}\n`)
    .sort()
    .join('\n');

const list = listOf('zip');

test('functions may do what was reviewed', async () => {
  await expect(list).toMatchFileSnapshot('privileges.txt');
});

test('no wildcard is without a reason, and none stands for actions', () => {
  expect(list).not.toContain('WITHOUT A REASON');
  expect(list).not.toMatch(/:\w*\*/);
});

test('however they are packed', () => {
  expect(listOf('image')).toBe(list);
});

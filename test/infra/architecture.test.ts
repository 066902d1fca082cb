import { App } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { proverFor } from '../../infra/architecture.ts';
import { functionsIn, synthesize } from './synthesize.ts';

test('all functions and their layer are for the architecture that the context names', () => {
  const template = synthesize({ architecture: 'amd64' });
  for (const { Properties } of functionsIn(template)) expect(Properties.Architectures).toEqual(['x86_64']);
  template.allResourcesProperties('AWS::Lambda::LayerVersion', { CompatibleArchitectures: ['x86_64'] });
});

test('another architecture is refused, with those that there are', () => {
  expect(() => synthesize({ architecture: 'sparc' })).toThrow('architecture is arm64 or amd64, not sparc');
});

test('where the prover is not built, what to run is said', () => {
  expect(proverFor(new App()).how).toBe('Run: npm run build:prover -- --arch arm64');
  expect(proverFor(new App({ context: { architecture: 'amd64' } })).how).toMatch(/--arch amd64$/);
  expect(() => synthesize({ prover: '/nowhere' })).toThrow('The prover is not built (/nowhere).');
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, AssetStaging } from 'aws-cdk-lib';
import { expect, onTestFinished, test } from 'vitest';
import { proverFor } from '../../infra/architecture.ts';
import { HOST_ARCHITECTURE, machineOf, PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';
import { functionsIn, synthesize } from './synthesize.ts';

test('all functions and their layer are for the architecture that the context names', () => {
  const template = synthesize({ architecture: 'amd64' });
  for (const { Properties } of functionsIn(template)) expect(Properties.Architectures).toEqual(['x86_64']);
  template.allResourcesProperties('AWS::Lambda::LayerVersion', { CompatibleArchitectures: ['x86_64'] });
});

test('another architecture is refused, with those that there are', () => {
  expect(() => synthesize({ architecture: 'sparc' })).toThrow('architecture is arm64 or amd64, not sparc');
});

test('another prover in the layer is another version of prove, to which the alias moves', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-provers-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const versionsWith = async (content: string) => {
    const prover = join(folder, content);
    await writeFile(prover, content);
    AssetStaging.clearAssetHashCache();
    return Object.keys(synthesize({ packaging: 'zip', prover }).findResources('AWS::Lambda::Version'));
  };
  const versions = await versionsWith('one');
  expect(versions.length).toBeGreaterThan(0);
  expect(await versionsWith('one')).toEqual(versions);
  for (const version of await versionsWith('another')) expect(versions).not.toContain(version);
});

test('what an executable is for, its first bytes tell', async () => {
  expect(machineOf(PROVER_EXECUTABLE)).toBe(HOST_ARCHITECTURE);
  expect(machineOf(import.meta.filename)).toBeUndefined();
});

test('where the prover is not built, what to run is said', () => {
  expect(proverFor(new App()).how).toBe('Run: npm run build:prover -- --arch arm64');
  expect(proverFor(new App({ context: { architecture: 'amd64' } })).how).toMatch(/--arch amd64$/);
  expect(() => synthesize({ prover: '/nowhere' })).toThrow('The prover is not built (/nowhere).');
});

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ARCHITECTURES, staticProver } from '../../infra/prover-executable.ts';
import { irFile } from '../generator/circuits.ts';
import { generateRequest } from '../generator/generate.ts';
import { keyFiles } from '../generator/keys.ts';
import { prove, statementOf, verifies } from '../generator/native-prover.ts';
import { describeWith } from './needs.ts';

const CIRCUIT = 'fallible/count';

test.each(ARCHITECTURES)('the prover for %s needs nothing of the system that it runs on', async (architecture) => {
  const { stdout } = await promisify(execFile)('readelf', [
    '--wide',
    '--segments',
    '--dynamic',
    staticProver(architecture),
  ]);
  expect(stdout).toContain('Program Headers');
  expect(stdout).not.toContain('INTERP');
  expect(stdout).not.toContain('NEEDED');
});

test.each(ARCHITECTURES)('the prover for %s does not tell where it was built', async (architecture) => {
  const paths = new RegExp(`${process.env.HOME}|${process.cwd()}`);
  const { stdout } = await promisify(execFile)('strings', [staticProver(architecture)], { maxBuffer: 2 ** 26 });
  expect(stdout).toContain('crates/');
  expect(stdout).not.toMatch(paths);
});

describeWith(['qemu-aarch64-static', 'qemu-x86_64-static'], 'on the oldest processor of its architecture', () => {
  test.each([
    ['arm64', ['qemu-aarch64-static', '-cpu', 'neoverse-n1']],
    // What every x86_64 has.
    ['amd64', ['qemu-x86_64-static', '-cpu', 'qemu64']],
  ] as const)('the prover for %s makes proofs that hold', async (architecture, emulated) => {
    const [request, keys] = [await generateRequest(CIRCUIT), await keyFiles(CIRCUIT)];
    const proof = await prove(request, irFile(CIRCUIT), keys, [...emulated, staticProver(architecture)]);
    const statement = await statementOf(request, irFile(CIRCUIT));
    expect(await verifies(proof, keys.verifier, statement)).toBe(true);
  });
});

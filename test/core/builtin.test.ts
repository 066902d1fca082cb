import { readFile } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { BUILT_IN_CIRCUITS } from '../../core/circuits/builtin.ts';
import { NativeProver } from '../../core/prover/native-prover.ts';
import { PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';

const prover = new NativeProver(PROVER_EXECUTABLE);
afterAll(() => prover.stop());

test.each(BUILT_IN_CIRCUITS)('$name has k=$k', async ({ name, k, provingBytes }) => {
  const ir = await readFile(`layers/prover/assets/${name}.bzkir`);
  expect(await prover.ask('circuit', { ir })).toMatchObject({ k, provingBytes });
});

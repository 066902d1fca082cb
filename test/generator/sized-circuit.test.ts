import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inFolder, keygen, kOf, prove, statementOf, verifies } from './native-prover.ts';
import { seeded } from './random.ts';
import { SMALLEST_K, sizedCircuit } from './sized-circuit.ts';

const LARGEST_LAID_OUT = 15;
const sizes = Array.from({ length: LARGEST_LAID_OUT + 1 - SMALLEST_K }, (_, n) => SMALLEST_K + n);

test.each(sizes)('is of k=%i, and satisfied', (k) =>
  inFolder(async (folder) => {
    const { zkir, preimage } = sizedCircuit(k);
    const file = join(folder, 'zkir');
    await writeFile(file, zkir);
    expect(await kOf(file)).toBe(k);
    expect(await statementOf({ preimage, keyLocation: 'sized' }, file)).not.toHaveLength(0);
  }),
);

test.each([6, 8, 11])('is proved with keys of its own: k=%i', (k) =>
  inFolder(async (folder) => {
    const { zkir, preimage } = sizedCircuit(k);
    const [file, keys] = [join(folder, 'zkir'), { prover: join(folder, 'prover'), verifier: join(folder, 'verifier') }];
    await writeFile(file, zkir);
    await keygen(file, keys);
    const request = { preimage, keyLocation: 'sized' };
    const proof = await prove(request, file, keys);
    expect(await verifies(proof, keys.verifier, await statementOf(request, file))).toBe(true);
    const another = { ...request, preimage: sizedCircuit(k).preimage };
    expect(await verifies(proof, keys.verifier, await statementOf(another, file))).toBe(false);
  }),
);

test('a seed repeats the preimage, and none is like another', () => {
  expect(sizedCircuit(6, seeded('same'))).toEqual(sizedCircuit(6, seeded('same')));
  expect(sizedCircuit(6).preimage).not.toEqual(sizedCircuit(6).preimage);
});

test('nothing is smaller than the smallest circuit', () => {
  expect(() => sizedCircuit(SMALLEST_K - 1)).toThrow('k=6');
});

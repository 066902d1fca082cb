import { afterAll, describe, expect, test } from 'vitest';
import { NativeProver } from '../../core/prover/native-prover.ts';
import { expectedSeconds, secondsAt } from '../../core/proving-times.ts';
import { PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';
import { sizedCircuit } from '../generator/sized-circuit.ts';

const prover = new NativeProver(PROVER_EXECUTABLE);
afterAll(() => prover.stop());

const times = { cores: 2, seconds: { one: 1.5, all: 1 } };

describe('the time of a proof at a memory', () => {
  test('is what was measured where Lambda gives as many cores', () => {
    expect(secondsAt(times, 1769)).toBeCloseTo(1.5);
    expect(secondsAt(times, 2 * 1769)).toBeCloseTo(1);
  });

  test('doubles with half a core, and with many cores comes down to the part that none shortens', () => {
    expect(secondsAt(times, 1769 / 2)).toBeCloseTo(3);
    expect(secondsAt(times, 1e9)).toBeCloseTo(0.5);
  });
});

describe('the expected time', () => {
  test.each([6, 9, 14])('of a circuit like those that were measured, of k=%i, is what was measured', async (k) => {
    const { zkir } = await sizedCircuit(k);
    const { provingBytes } = await prover.ask('circuit', { ir: zkir });
    const narrow = expectedSeconds({ k }, 1769);
    expect(expectedSeconds({ k, provingBytes }, 1769).warm / narrow.warm).toBeCloseTo(1, 3);
  });

  test('of a wider circuit is longer by as much as it has more columns', () => {
    const [narrow, wider] = [
      { k: 14, provingBytes: 237_397_606 },
      { k: 14, provingBytes: 338_060_902 },
    ];
    const ratio = expectedSeconds(wider, 1769).warm / expectedSeconds(narrow, 1769).warm;
    expect(ratio).toBeCloseTo((338_060_902 - 80 * 2 ** 20) / (237_397_606 - 80 * 2 ** 20), 3);
  });
});

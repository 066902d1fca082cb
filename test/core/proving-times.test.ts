import { describe, expect, test } from 'vitest';
import { secondsAt } from '../../core/proving-times.ts';

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

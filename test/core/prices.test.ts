import { expect, test } from 'vitest';
import { invocationUsd, PRICES } from '../../core/prices.ts';

const LANE = { memoryMb: 2048, diskMb: 512 };

test('a second costs what the function’s architecture does', () => {
  expect(invocationUsd(LANE, 10, 'arm64')).toBeCloseTo(PRICES.requestUsd + 20 * 0.0000133334, 12);
  expect(invocationUsd(LANE, 10, 'x64')).toBeCloseTo(PRICES.requestUsd + 20 * 0.0000166667, 12);
  expect(invocationUsd(LANE, 10)).toBe(invocationUsd(LANE, 10, process.arch));
});

import { expect, test } from 'vitest';
import { LANES, laneFor } from '../../core/lanes.ts';

test('each k has the smallest lane that takes it', () => {
  for (const [index, { maxK, name }] of LANES.entries()) {
    expect(laneFor(maxK).name).toBe(name);
    expect(laneFor((LANES[index - 1]?.maxK ?? -1) + 1).name).toBe(name);
  }
});

test('the table keeps to what AWS allows and to what one counter item carries', () => {
  for (const { memoryMb, timeoutSeconds, diskMb, maxConcurrency, capacity } of LANES) {
    expect(memoryMb).toBeLessThanOrEqual(10_240);
    expect(timeoutSeconds).toBeLessThanOrEqual(900);
    expect(diskMb).toBeGreaterThanOrEqual(512);
    expect(maxConcurrency).toBeGreaterThanOrEqual(2);
    expect(maxConcurrency).toBeLessThanOrEqual(1000);
    expect(capacity).toBeLessThan(200);
  }
});

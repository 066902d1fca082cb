import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { requestsToEnd } from '../../local/requests-to-end.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s is a request to end', (signal) => {
  const signals = new EventEmitter();
  const { first, second } = requestsToEnd(signals);
  expect([first.aborted, second.aborted]).toEqual([false, false]);
  signals.emit(signal);
  expect([first.aborted, second.aborted]).toEqual([true, false]);
});

test('one Ctrl-C that arrives several times is one request', () => {
  const signals = new EventEmitter();
  const { first, second } = requestsToEnd(signals);
  for (const afterMs of [0, 5, 200]) {
    vi.advanceTimersByTime(afterMs);
    signals.emit('SIGINT');
  }
  expect([first.aborted, second.aborted]).toEqual([true, false]);
});

test('a later Ctrl-C is a second one', () => {
  const signals = new EventEmitter();
  const { second } = requestsToEnd(signals);
  signals.emit('SIGINT');
  vi.advanceTimersByTime(1_000);
  signals.emit('SIGINT');
  expect(second.aborted).toBe(true);
});

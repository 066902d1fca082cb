import { expect, test } from 'vitest';
import { isBroken } from '../../deploy/failed-stack.ts';

test.each([
  'CREATE_FAILED',
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
  'ROLLBACK_IN_PROGRESS',
  'DELETE_FAILED',
  'DELETE_IN_PROGRESS',
])('of a stack that is %s there is nothing to lose', (status) => {
  expect(isBroken(status)).toBe(true);
});

test.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED', undefined])(
  'one that is %s may be at work',
  (status) => {
    expect(isBroken(status)).toBe(false);
  },
);

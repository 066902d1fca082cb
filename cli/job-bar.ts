/** How far a job may be, drawn. How long that takes is an estimate: only its end fills the bar. */
import type { Job } from '../client/index.ts';

const CELLS = 20;

/** @param fraction of the expected time that is over; may be more than 1 */
export function barOf(fraction: number): string {
  const filled = Math.floor(Math.min(Math.max(fraction, 0), 1) * (CELLS - 1));
  return '█'.repeat(filled) + '░'.repeat(CELLS - filled);
}

export const expectedMs = ({ queuedMs, keysMs, proveMs }: NonNullable<Job['estimate']>): number =>
  queuedMs + keysMs + proveMs;

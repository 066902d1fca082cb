import type { Brought } from '../../core/artifacts/bringing.ts';
import { publicError } from '../../core/errors.ts';

/** Does one after the other and says what became of each. One that fails is reported and the rest go on. */
export async function report<T>(
  all: T[],
  nameOf: (item: T) => string,
  bring: (item: T) => Promise<Brought>,
): Promise<Record<string, string>> {
  const outcome: Record<string, string> = {};
  for (const item of all) {
    outcome[nameOf(item)] = await bring(item).catch((error: unknown) => `missing: ${publicError(error).message}`);
  }
  return outcome;
}

/** The files by which a gated prover and its test tell each other something. */
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { dirname } from 'node:path';

/** Is there once somebody waits before the gate. */
export const askedFile = (gate: string): string => `${gate}-asked`;

export async function untilThere(path: string): Promise<void> {
  const changes = watch(dirname(path));
  while (!existsSync(path)) await once(changes, 'change');
  changes.close();
}

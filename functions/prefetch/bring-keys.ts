import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Brought } from '../../core/artifacts/bringing.ts';
import type { BuiltInCircuit } from '../../core/circuits/builtin.ts';
import { NightshiftError } from '../../core/errors.ts';
import { requestKeys } from '../../core/keys/build.ts';
import { type KeysSource, readKeys } from '../../core/keys/keys.ts';
import { objectOf, putObject } from '../../core/store/objects.ts';
import { buildKeys } from './build-keys.ts';

/**
 * Has a built-in circuit's keys at hand. They are derived, and taken only if they have the pinned hashes.
 *
 * @param forMs how long it may take.
 * @throws NightshiftError PARAMS_UNAVAILABLE, KEY_MISMATCH
 */
export async function bringKeys({ name, keysId }: BuiltInCircuit, forMs: number): Promise<Brought> {
  if ((await readKeys(keysId))?.state === 'ready') return 'present';
  const zkir = await readFile(join(process.env.LAMBDA_TASK_ROOT ?? '.', `${name}.bzkir`));
  const source: KeysSource = {
    id: keysId,
    parameters: 'midnight',
    zkir: { sha256: keysId, bytes: zkir.length },
  };
  await putObject(objectOf.key(keysId, 'zkir'), zkir);
  await requestKeys(source);
  const ending = await buildKeys(source, { forMs, isLast: true });
  if (!ending) throw new NightshiftError('PARAMS_UNAVAILABLE', `The keys of ${name} are being derived.`);
  if (ending.state === 'failed') throw new NightshiftError(ending.error.code, ending.error.message);
  return 'made';
}

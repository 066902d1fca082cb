/** SHA-256 of Midnight's public parameters and built-in keys, as Midnight pins them. */
import { z } from 'zod';
import developmentPins from '../../layers/prover/assets/development-sha256.json' with { type: 'json' };
import pins from '../../layers/prover/assets/sha256.json' with { type: 'json' };

const { srs, keys } = z
  .object({ srs: z.record(z.string(), z.string()), keys: z.record(z.string(), z.string()) })
  .parse(pins);

const { srs: developmentSrs } = z.object({ srs: z.record(z.string(), z.string()) }).parse(developmentPins);

/** The pinned hash of `bls_midnight_2pK`; k from 0 to 25. */
export const pinnedParams = (k: number): string => pinned(srs, `bls_midnight_2p${k}`);

/** The hash of our own `bls_development_2pK`; k from 0 to 19. */
export const pinnedDevelopmentParams = (k: number): string => pinned(developmentSrs, `bls_development_2p${k}`);

/** The pinned hash of a built-in key file, such as `zswap/output.prover`. */
export const pinnedKey = (file: string): string => pinned(keys, file);

function pinned(table: Record<string, string>, name: string): string {
  const hash = table[name];
  if (!hash) throw new Error(`no pinned hash for ${name}`);
  return hash;
}

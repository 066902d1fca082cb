/** The key that witnesses are sealed with. */
import * as z from 'zod';
import { INFO_TEXT, SUITE_NAME } from '../sealing/suite.ts';
import { base64 } from './fields.ts';

export const sealingKeyView = z
  .object({
    id: z.uuid(),
    publicKey: base64('The public key, an uncompressed point'),
    suite: z.literal(SUITE_NAME).meta({ description: `HPKE in base mode (RFC 9180), with the info "${INFO_TEXT}"` }),
    validUntil: z.iso.datetime().meta({ description: 'What is sealed with it is taken until then' }),
  })
  .meta({ id: 'SealingKey' });
export type SealingKeyView = z.infer<typeof sealingKeyView>;

/** The part of a server that clients ask before they seal. */
import { createECDH, randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { SealingKeyView } from '../../core/api/sealing-key.ts';
import { additionalData, type Binding } from '../../core/sealing/additional-data.ts';
import { readSealed } from '../../core/sealing/sealed-witness.ts';
import { INFO, SUITE_NAME } from '../../core/sealing/suite.ts';
import { info } from '../cli/info.ts';
import { open } from '../core/rfc-9180.ts';

export interface SealingServer {
  key: SealingKeyView;
  /** The preimage; throws if it is not sealed for this job. */
  opened(sealed: string, job: Omit<Binding, 'tenant'>): Buffer;
}

export function sealingServer(validUntil = new Date(Date.now() + 60_000)): SealingServer {
  const recipient = createECDH('prime256v1');
  const publicKey = recipient.generateKeys('base64');
  const key: SealingKeyView = {
    id: randomUUID(),
    publicKey,
    suite: SUITE_NAME,
    validUntil: validUntil.toISOString(),
  };
  return {
    key,
    opened(base64, job) {
      const sealed = readSealed(Buffer.from(base64, 'base64'));
      if (sealed?.keyId !== key.id) throw new Error('sealed with another key');
      const { encapsulatedKey: enc, ciphertext: ct } = sealed;
      const aad = additionalData({ ...job, tenant: info.tenant });
      return open(2, { privateKey: recipient.getPrivateKey(), enc, info: INFO, aad, ct });
    },
  };
}

const { key } = sealingServer();

/** Answers what clients ask before they seal; the rest is asked of the test's own server. */
export const withSealingKey =
  (answers: RequestListener): RequestListener =>
  (incoming, outgoing) => {
    if (incoming.url === '/v1/sealing-key') return void outgoing.end(JSON.stringify(key));
    if (incoming.url === '/v1/info') return void outgoing.end(JSON.stringify(info));
    return answers(incoming, outgoing);
  };

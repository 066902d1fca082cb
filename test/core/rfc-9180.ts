/** RFC 9180's base mode with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-GCM once more, out of Node's own parts. */
import { type CipherGCMTypes, createDecipheriv, createECDH, createHmac } from 'node:crypto';

const HASH = 'sha256';
const CURVE = 'prime256v1';
const KEM_ID = 0x0010;
const KDF_ID = 0x0001;
const SECRET_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** By the ids of RFC 9180. */
const AEADS = {
  1: { cipher: 'aes-128-gcm', keyBytes: 16 },
  2: { cipher: 'aes-256-gcm', keyBytes: 32 },
} satisfies Record<number, { cipher: CipherGCMTypes; keyBytes: number }>;

export interface Sealed {
  /** Of the recipient: a scalar. */
  privateKey: Buffer;
  /** Uncompressed point. */
  enc: Uint8Array;
  info: Uint8Array;
  aad: Uint8Array;
  /** The tag included. */
  ct: Uint8Array;
}

/** Throws if it does not open. */
export function open(aeadId: keyof typeof AEADS, { privateKey, enc, info, aad, ct }: Sealed): Buffer {
  const { cipher, keyBytes } = AEADS[aeadId];
  const kem = labelled(Buffer.concat([Buffer.from('KEM'), uint16(KEM_ID)]));
  const ecdh = createECDH(CURVE);
  ecdh.setPrivateKey(privateKey);
  const kemContext = Buffer.concat([enc, ecdh.getPublicKey()]);
  const eaePrk = kem.extract('', 'eae_prk', ecdh.computeSecret(enc));
  const sharedSecret = kem.expand(eaePrk, 'shared_secret', kemContext, SECRET_BYTES);

  const hpke = labelled(Buffer.concat([Buffer.from('HPKE'), uint16(KEM_ID), uint16(KDF_ID), uint16(aeadId)]));
  const baseMode = Buffer.of(0);
  const context = Buffer.concat([baseMode, hpke.extract('', 'psk_id_hash', ''), hpke.extract('', 'info_hash', info)]);
  const secret = hpke.extract(sharedSecret, 'secret', '');
  const key = hpke.expand(secret, 'key', context, keyBytes);
  const nonce = hpke.expand(secret, 'base_nonce', context, NONCE_BYTES);

  const decipher = createDecipheriv(cipher, key, nonce);
  decipher.setAAD(aad);
  decipher.setAuthTag(ct.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(ct.subarray(0, -TAG_BYTES)), decipher.final()]);
}

/** LabeledExtract and LabeledExpand, the latter for what fits into one block of the hash. */
const labelled = (suiteId: Buffer) => ({
  extract: (salt: Uint8Array | '', label: string, keyMaterial: Uint8Array | '') =>
    createHmac(HASH, salt).update('HPKE-v1').update(suiteId).update(label).update(keyMaterial).digest(),
  expand: (key: Uint8Array, label: string, info: Uint8Array, bytes: number) =>
    createHmac(HASH, key)
      .update(uint16(bytes))
      .update('HPKE-v1')
      .update(suiteId)
      .update(label)
      .update(info)
      .update(Buffer.of(1))
      .digest()
      .subarray(0, bytes),
});

function uint16(number: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(number);
  return bytes;
}

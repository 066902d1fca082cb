/** How witnesses are sealed: HPKE (RFC 9180) in base mode. KMS can make and wrap key pairs of this curve. */
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_DHKEM_P256_HKDF_SHA256 } from 'hpke';

export const suite = new CipherSuite(KEM_DHKEM_P256_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM);

/** As RFC 9180 names its parts. */
export const SUITE_NAME = 'DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM';

/** What the key is good for, as HPKE's `info`: what is sealed for anything else does not open. */
export const INFO_TEXT = 'nightshift sealed witness v1';
export const INFO = new TextEncoder().encode(INFO_TEXT);

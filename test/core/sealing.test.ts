/** Sealed witnesses: their layout, what they are bound to, and that they are what RFC 9180 says. */
import { createECDH, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { additionalData, type Binding } from '../../core/sealing/additional-data.ts';
import { seal } from '../../core/sealing/seal.ts';
import { readSealed, type SealedWitness, sealedBytes } from '../../core/sealing/sealed-witness.ts';
import { INFO, suite } from '../../core/sealing/suite.ts';
import { open } from './rfc-9180.ts';

const fields = ['tenant', 'id', 'operation', 'circuit', 'contract', 'bindingInput'] as const;

const uuid = fc.uuid();
const sealedWitness: fc.Arbitrary<SealedWitness> = fc.record({
  keyId: uuid,
  encapsulatedKey: fc.uint8Array({ minLength: 65, maxLength: 65 }),
  ciphertext: fc.uint8Array({ minLength: 16, maxLength: 200 }),
});

describe('the layout', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(sealedWitness, (sealed) => {
        expect(readSealed(sealedBytes(sealed))).toEqual(sealed);
      }),
    );
  });

  test('of any bytes is one or none: what is read of them is all of them', () => {
    const versioned = fc.uint8Array({ minLength: 90, maxLength: 130 }).map((bytes) => bytes.with(0, 1));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 130 }), versioned), (bytes) => {
        const sealed = readSealed(bytes);
        if (sealed) expect(sealedBytes(sealed)).toEqual(bytes);
      }),
    );
  });

  test('is none if it is of another version, broken off, or names no key', () => {
    fc.assert(
      fc.property(sealedWitness, fc.integer({ min: 0, max: 255 }), fc.nat(97), (sealed, version, length) => {
        const bytes = sealedBytes(sealed);
        fc.pre(version !== 1);
        expect(readSealed(bytes.with(0, version))).toBeUndefined();
        expect(readSealed(bytes.subarray(0, length))).toBeUndefined();
        // The version of a UUID.
        expect(readSealed(bytes.with(7, 0xf0))).toBeUndefined();
      }),
    );
  });
});

describe('what it is bound to', () => {
  const binding: fc.Arbitrary<Binding> = fc.record({
    tenant: fc.string(),
    id: uuid,
    operation: fc.constantFrom('prove', 'check', 'transaction'),
    circuit: fc.option(fc.string(), { nil: undefined }),
    contract: fc.option(fc.string(), { nil: undefined }),
    bindingInput: fc.option(fc.nat().map(String), { nil: undefined }),
  });

  test('is not the same for two jobs', () => {
    const plain = binding.filter(({ circuit = '' }) => !circuit.includes('/'));
    fc.assert(
      fc.property(plain, plain, (one, another) => {
        const isSame = Buffer.from(additionalData(one)).equals(additionalData(another));
        expect(isSame).toBe(isDeepStrictEqual(one, another));
      }),
    );
    fc.assert(
      fc.property(plain, fc.constantFrom(...fields), (one, field) => {
        const another = { ...one, [field]: `${one[field]}0` };
        expect(additionalData(another)).not.toEqual(additionalData(one));
      }),
    );
  });

  test('is written as the API says', () => {
    const job = { tenant: 'a', id: '7B0C5E3A-3C1F-4D6E-9A53-6F6F1F0F9F11', operation: 'prove', circuit: 'inc"rement' };
    const text = (bound: Binding) => new TextDecoder().decode(additionalData(bound));
    const id = job.id.toLowerCase();
    expect(text({ ...job, contract: 'c', bindingInput: '7' })).toBe(`["a","${id}","prove","inc\\"rement","c","7"]`);
    expect(text({ tenant: 'ä', id, operation: 'transaction' })).toBe(`["ä","${id}","transaction",null,null,null]`);
  });

  test('is no contract where the circuit is built in, and is in none', () => {
    const spend = { tenant: 'a', id: randomUUID(), operation: 'prove', circuit: 'midnight/dust/spend' };
    expect(additionalData({ ...spend, contract: 'c' })).toEqual(additionalData(spend));
  });
});

describe('sealing', () => {
  const recipient = createECDH('prime256v1');
  recipient.generateKeys();
  const key = { id: randomUUID(), publicKey: recipient.getPublicKey() };
  const witness = new TextEncoder().encode('not for anyone');
  const job: Binding = { tenant: 'a', id: randomUUID(), operation: 'prove', circuit: 'increment' };

  const openedByNode = ({ encapsulatedKey: enc, ciphertext: ct }: SealedWitness, binding = job) =>
    open(2, { privateKey: recipient.getPrivateKey(), enc, info: INFO, aad: additionalData(binding), ct });

  test('is RFC 9180’s: what is made of Node’s own parts opens it', async () => {
    const sealed = await seal(key, witness, job);
    expect(sealed.keyId).toBe(key.id);
    expect(openedByNode(sealed)).toEqual(Buffer.from(witness));
    expect(() => openedByNode(sealed, { ...job, circuit: 'decrement' })).toThrow();
  });

  test('of the same is another each time', async () => {
    const [one, another] = [await seal(key, witness, job), await seal(key, witness, job)];
    expect(one.encapsulatedKey).not.toEqual(another.encapsulatedKey);
    expect(one.ciphertext).not.toEqual(another.ciphertext);
  });

  test('needs a key that is a point of the curve', async () => {
    const publicKey = Buffer.from(key.publicKey).fill(7, 20, 30);
    await expect(seal({ ...key, publicKey }, witness, job)).rejects.toThrow();
  });

  test('has the sizes that the layout is made for', () => {
    expect([suite.KEM.id, suite.KDF.id, suite.AEAD.id]).toEqual([0x0010, 0x0001, 0x0002]);
    expect([suite.KEM.Nenc, suite.AEAD.Nt]).toEqual([65, 16]);
  });
});

/** Appendix A.3.1, sequence number 0: the same but for the length of AES's key, which has no vector there. */
test('Node’s own parts are put together as RFC 9180 does', () => {
  const hex = (text: string) => Buffer.from(text, 'hex');
  const vector = {
    privateKey: hex('f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2'),
    enc: hex(
      '04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4',
    ),
    info: Buffer.from('Ode on a Grecian Urn'),
    aad: Buffer.from('Count-0'),
    ct: hex('5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434'),
  };
  expect(open(1, vector).toString()).toBe('Beauty is truth, truth beauty');
});

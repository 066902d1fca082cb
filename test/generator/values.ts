/** Values the way contracts exchange them: bytes without their trailing zeros, beside the type that gives the length. */
import { type AlignedValue, persistentCommit } from '@midnight-ntwrk/ledger-v8';

export const EMPTY: AlignedValue = { value: [], alignment: [] };

/** A `Bytes<length>`. */
export function bytes(length: number, content: Uint8Array): AlignedValue {
  const end = content.findLastIndex((byte) => byte !== 0) + 1;
  return {
    value: [Uint8Array.from(content.subarray(0, end))],
    alignment: [{ tag: 'atom', value: { tag: 'bytes', length } }],
  };
}

/** An unsigned integer of `length` bytes, little-endian. */
export function uint(length: number, content: bigint | number): AlignedValue {
  const bigEndian = BigInt(content)
    .toString(16)
    .padStart(length * 2, '0');
  return bytes(length, Buffer.from(bigEndian, 'hex').reverse());
}

/** Several values as one, such as the arguments of a circuit. */
export const tuple = (...parts: AlignedValue[]): AlignedValue => ({
  value: parts.flatMap((part) => part.value),
  alignment: parts.flatMap((part) => part.alignment),
});

export const FALSE = uint(1, 0);
export const TRUE = uint(1, 1);
export const boolean = (content: boolean): AlignedValue => (content ? TRUE : FALSE);

/** A `Field`: fewer than 32 bytes, little-endian. */
export const fieldElement = (content: Uint8Array): AlignedValue => ({
  ...bytes(content.length, content),
  alignment: [{ tag: 'atom', value: { tag: 'field' } }],
});

/** An `Opaque<"string">`. */
export const opaque = (text: string): AlignedValue => ({
  value: [Buffer.from(text)],
  alignment: [{ tag: 'atom', value: { tag: 'compress' } }],
});

/** A `Bytes<length>` of text. */
export const pad = (length: number, text: string): AlignedValue => bytes(length, Buffer.from(text));

/** Compact's `persistentCommit`: a `Bytes<32>`. */
export const commitment = (content: AlignedValue, opening: AlignedValue): AlignedValue => ({
  value: persistentCommit(content.alignment, content.value, opening.value),
  alignment: [{ tag: 'atom', value: { tag: 'bytes', length: 32 } }],
});

/** Values the way contracts exchange them: bytes without their trailing zeros, beside the type that gives the length. */
import type { AlignedValue } from '@midnight-ntwrk/compact-runtime';

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

/** Length-prefixed MessagePack frames: a little-endian u32 byte count, then the message. */
import type { Readable } from 'node:stream';
import { decode, encode } from '@msgpack/msgpack';

const PREFIX_BYTES = 4;

export function toFrame(message: unknown): Uint8Array {
  const body = encode(message, { ignoreUndefined: true });
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + body.length);
  frame.writeUInt32LE(body.length);
  frame.set(body, PREFIX_BYTES);
  return frame;
}

/** The messages of a byte stream, until it ends. */
export async function* framesOf(stream: Readable): AsyncGenerator<unknown> {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = PREFIX_BYTES;
  let inBody = false;
  for await (const chunk of stream) {
    chunks.push(chunk);
    held += chunk.length;
    while (held >= wanted) {
      const all = Buffer.concat(chunks);
      const part = all.subarray(0, wanted);
      chunks = [all.subarray(wanted)];
      held -= wanted;
      if (inBody) yield decode(new Uint8Array(part.buffer, part.byteOffset, part.length));
      wanted = inBody ? PREFIX_BYTES : part.readUInt32LE();
      inBody = !inBody;
    }
  }
}

import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { NightshiftError } from '../../core/errors.ts';
import { bodyOf, headerOf, jsonBodyOf } from '../../core/http/event.ts';
import { MAX_BODY_BYTES, MAX_JSON_DEPTH, MAX_UNPACKED_BYTES } from '../../core/limits.ts';
import { checkForm, kForm, proveForm } from '../../functions/submit/json-forms.ts';

const eventWith = (body: Uint8Array, headers: Record<string, string> = {}) =>
  ({ body: Buffer.from(body).toString('base64'), isBase64Encoded: true, headers }) as unknown as APIGatewayProxyEvent;

const GZIP = { 'Content-Encoding': 'gzip' };
const bytes = fc.uint8Array({ maxLength: 2000 });

/** What `read` comes to: its bytes, or the code that it refuses them with. Any other error is thrown. */
function outcomeOf<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof NightshiftError) return error.code;
    throw error;
  }
}

describe('a body', () => {
  test('comes out as it was sent, packed or not', () => {
    fc.assert(
      fc.property(bytes, (body) => {
        expect(bodyOf(eventWith(body))).toEqual(Buffer.from(body));
        expect(bodyOf(eventWith(gzipSync(body), GZIP))).toEqual(Buffer.from(body));
      }),
    );
  });

  test('that is said to be gzip and is not is refused', () => {
    fc.assert(
      fc.property(bytes, (body) => {
        expect(outcomeOf(() => bodyOf(eventWith(body, GZIP)))).toBe('INVALID_REQUEST');
      }),
    );
  });

  test('whose gzip is damaged gives bytes or is refused', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.nat(255), (body, at, value) => {
        const packed = gzipSync(body);
        packed[at % packed.length] = value;
        expect([expect.any(Buffer), 'INVALID_REQUEST']).toContainEqual(
          outcomeOf(() => bodyOf(eventWith(packed, GZIP))),
        );
      }),
    );
  });

  test('that unpacks to more than is taken is too large', () => {
    const most = gzipSync(Buffer.alloc(MAX_UNPACKED_BYTES));
    const more = gzipSync(Buffer.alloc(MAX_UNPACKED_BYTES + 1));
    expect(bodyOf(eventWith(most, GZIP)).length).toBe(MAX_UNPACKED_BYTES);
    expect(outcomeOf(() => bodyOf(eventWith(more, GZIP)))).toBe('PAYLOAD_TOO_LARGE');
  });

  test('of the largest size is taken, and one of a byte more is too large', () => {
    expect(bodyOf(eventWith(new Uint8Array(MAX_BODY_BYTES))).length).toBe(MAX_BODY_BYTES);
    expect(outcomeOf(() => bodyOf(eventWith(new Uint8Array(MAX_BODY_BYTES + 1))))).toBe('PAYLOAD_TOO_LARGE');
  });

  test('in an encoding that is neither gzip nor none is refused', () => {
    const other = fc.string().filter((name) => !['gzip', 'identity'].includes(name.toLowerCase()));
    fc.assert(
      fc.property(bytes, other, (body, encoding) => {
        const read = () => bodyOf(eventWith(body, { 'content-encoding': encoding }));
        expect(outcomeOf(read)).toBe('INVALID_REQUEST');
      }),
    );
  });
});

test('a header is found however its name is written', () => {
  const name = fc.stringMatching(/^[a-z-]{1,20}$/);
  const mixed = fc.tuple(name, fc.infiniteStream(fc.boolean())).map(([lower, upper]) => ({
    lower,
    written: [...lower].map((char) => (upper.next().value ? char.toUpperCase() : char)).join(''),
  }));
  fc.assert(
    fc.property(mixed, fc.string(), ({ lower, written }, value) => {
      const event = eventWith(new Uint8Array(), { [written]: value });
      expect(headerOf(event, lower)).toBe(value);
      expect(headerOf(event, `${lower}-other`)).toBeUndefined();
    }),
  );
});

describe('a JSON body', () => {
  const forms = [proveForm, checkForm, kForm];
  const secret = fc.stringMatching(/^[a-z0-9]{20}$/);

  test('of any text has a form or is refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.constantFrom(...forms), (text, form) => {
        const outcome = outcomeOf(() => jsonBodyOf(form, eventWith(Buffer.from(text))));
        if (typeof outcome === 'string') expect(outcome).toBe('INVALID_REQUEST');
        else expect(form.parse(outcome)).toEqual(outcome);
      }),
    );
  });

  test('of megabytes that nobody knows is refused in a line', () => {
    const unknown = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`😀${n}`, 0]));
    const read = () => jsonBodyOf(z.strictObject({}), eventWith(Buffer.from(JSON.stringify(unknown))));
    expect(read).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }));
    expect(read).toThrow(/^Unrecognized keys: "😀0", .{1900,1990}…$/);
  });

  test.each([
    ['lists', (depth: number) => '['.repeat(depth) + ']'.repeat(depth)],
    ['objects', (depth: number) => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`],
  ])('may be nested so deep and no deeper: %s', (_, nested) => {
    const read = (depth: number) => outcomeOf(() => jsonBodyOf(z.unknown(), eventWith(Buffer.from(nested(depth)))));
    expect(read(MAX_JSON_DEPTH)).toEqual(JSON.parse(nested(MAX_JSON_DEPTH)));
    for (const depth of [MAX_JSON_DEPTH + 1, 100_000]) expect(read(depth)).toBe('INVALID_REQUEST');
  });

  test('is never repeated where it is refused', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom(...forms), (secret, form) => {
        for (const text of [
          secret,
          JSON.stringify({ witness: `${secret}!`, preimage: `${secret}!`, circuit_id: [secret] }),
        ]) {
          expect(() => jsonBodyOf(form, eventWith(Buffer.from(text)))).toThrow(
            expect.objectContaining({ code: 'INVALID_REQUEST', message: expect.not.stringContaining(secret) }),
          );
        }
      }),
    );
  });
});

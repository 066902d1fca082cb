import { validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { corsHeaders, preflightHeaders } from '../../core/http/cors.ts';

/** What an HTTP client can send as a header's value. */
const headerValue = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) });

test('an origin is let in by its own name, and only if the request has one', () => {
  fc.assert(
    fc.property(headerValue, (origin) => {
      expect(corsHeaders(origin)['access-control-allow-origin']).toBe(origin || undefined);
      expect(corsHeaders(undefined)).not.toHaveProperty('access-control-allow-origin');
    }),
  );
});

test('a preflight allows the headers that it asks for, and the private network only if asked', () => {
  fc.assert(
    fc.property(headerValue, fc.boolean(), (asked, privateNetwork) => {
      const headers = preflightHeaders(asked, privateNetwork);
      expect(headers['access-control-allow-headers']).toBe(asked || undefined);
      expect('access-control-allow-private-network' in headers).toBe(privateNetwork);
    }),
  );
});

test('what can be sent as a header can be answered as one', () => {
  fc.assert(
    fc.property(headerValue, headerValue, (origin, asked) => {
      for (const [name, value] of Object.entries({ ...corsHeaders(origin), ...preflightHeaders(asked, true) })) {
        validateHeaderValue(name, value);
      }
    }),
  );
});

import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkForm, formOf, kForm, proveForm, proveTxForm } from '../../functions/submit/json-forms.ts';

const eventWith = (body: string, contentType = 'application/json') =>
  ({ body, isBase64Encoded: false, headers: { 'content-type': contentType } }) as unknown as APIGatewayProxyEvent;

const forms = fc.constantFrom(proveForm, checkForm, kForm, proveTxForm);
const base64 = fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64'));

describe('the form of a body', () => {
  test('is read from JSON of that form, whatever else is in it', () => {
    const sent = fc.record({ witness: base64, circuit_id: fc.string({ minLength: 1, maxLength: 256 }) });
    fc.assert(
      fc.property(sent, fc.dictionary(fc.string(), fc.jsonValue()), (fields, others) => {
        const body = JSON.stringify({ ...others, ...fields });
        expect(formOf(proveForm, eventWith(body))).toEqual(fields);
      }),
    );
  });

  test('is none, and no error, for any other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), forms, fc.string(), (body, form, contentType) => {
        const read = formOf(form, eventWith(body));
        if (read) expect(form.parse(JSON.parse(body))).toEqual(read);
        expect(formOf(form, eventWith(body, `text/${contentType}`))).toBeUndefined();
      }),
    );
  });

  test('is none where the encoding is wrong: the reader of tagged bytes tells of it', () => {
    fc.assert(
      fc.property(fc.string(), forms, (encoding, form) => {
        const event = eventWith('{"circuit_id":');
        event.headers['content-encoding'] = encoding;
        expect(formOf(form, event)).toBeUndefined();
      }),
    );
  });
});

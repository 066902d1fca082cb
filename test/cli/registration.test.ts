import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readCompilerOutput } from '../../cli/compiler-output.ts';
import { registrationOf } from '../../cli/registration.ts';
import { MAX_BODY_BYTES } from '../../core/limits.ts';
import { folderOf } from './compiled.ts';

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');
const base64 = (content: string) => Buffer.from(content).toString('base64');

const registration = async (files: Record<string, string>, { proverKeys = false } = {}) =>
  registrationOf(await readCompilerOutput(await folderOf(files), { verifierKeys: true, proverKeys }), undefined);

test('small files are sent as they are, in base64', async () => {
  const { form, uploads } = await registration({
    'zkir/get.zkir': '{"of":"get"}',
    'zkir/set.bzkir': 'binary',
    'keys/set.verifier': 'verifier',
  });
  expect(form).toEqual({
    circuits: {
      get: { zkir: base64('{"of":"get"}') },
      set: { zkir: base64('binary'), verifierKey: base64('verifier') },
    },
  });
  expect(uploads).toEqual([]);
});

test('prover keys are uploaded', async () => {
  const files = { 'zkir/set.zkir': '{}', 'keys/set.verifier': 'verifier', 'keys/set.prover': 'prover' };
  const { form, uploads } = await registration(files, { proverKeys: true });
  expect(form.circuits.set?.proverKey).toEqual({ upload: sha256('prover') });
  expect(uploads).toMatchObject([{ name: 'keys/set.prover', bytes: 6, sha256: sha256('prover') }]);
});

test('what is too much for one request is uploaded: the largest ZKIR first, and no more than has to be', async () => {
  const share = (part: number, letter: string) => letter.repeat(MAX_BODY_BYTES * 0.75 * part);
  const [half, most] = [share(0.5, 'h'), share(0.8, 'm')];
  const { form, uploads } = await registration({
    'zkir/half.zkir': half,
    'zkir/most.zkir': most,
    'zkir/set.zkir': '{}',
  });
  expect(uploads).toMatchObject([{ name: 'zkir/most.zkir', sha256: sha256(most) }]);
  expect(form.circuits).toEqual({
    half: { zkir: base64(half) },
    most: { zkir: { upload: sha256(most) } },
    set: { zkir: base64('{}') },
  });
  expect(JSON.stringify(form).length).toBeLessThanOrEqual(MAX_BODY_BYTES);
});

/** Files that are too large for a request, or that their owner insists on. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { MAX_ZKIR_BYTES } from '../../core/limits.ts';
import { irFile } from '../generator/circuits.ts';
import { keyFiles } from '../generator/keys.ts';
import { endOf, jobView, postJob } from '../stack/api.ts';
import { built, postContract, register } from '../stack/contracts.ts';

const uploadView = z.object({
  sha256: z.string(),
  url: z.url(),
  method: z.literal('PUT'),
  headers: z.record(z.string(), z.string()),
  expiresAt: z.iso.datetime(),
});
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const ask = (upload: unknown) =>
  fetch(`${inject('baseUrl')}/v1/uploads`, {
    method: 'POST',
    body: JSON.stringify(upload),
    headers: { 'content-type': 'application/json' },
  });

/** Asks for a place for the file and puts `content` there. */
async function upload(file: Buffer, content = file): Promise<Response> {
  const response = await ask({ sha256: sha256(file), bytes: file.length });
  expect(response.status).toBe(201);
  const { url, method, headers } = uploadView.parse(await response.json());
  return fetch(url, { method, headers, body: Uint8Array.from(content) });
}

async function uploaded(file: Buffer): Promise<{ upload: string }> {
  expect((await upload(file)).status).toBe(200);
  return { upload: sha256(file) };
}

describe('an upload', () => {
  test('takes the place of ZKIR in a registration', async () => {
    const zkir = await readFile(irFile('composable-inner/get'));
    const inBody = await register({ circuits: { get: { zkir: zkir.toString('base64') } } });
    const byUpload = await register({ circuits: { get: { zkir: await uploaded(zkir) } } });
    expect(byUpload.id).toBe(inBody.id);
  });

  test('that is too large for ZKIR is refused as that', async () => {
    const zkir = await uploaded(Buffer.alloc(MAX_ZKIR_BYTES + 1));
    const response = await postContract({ circuits: { large: { zkir } } });
    expect([response.status, await response.json()]).toEqual([
      413,
      expect.objectContaining({
        code: 'CIRCUIT_TOO_LARGE',
        detail: expect.stringMatching(/^Circuit large: its ZKIR has 16777217 bytes; up to 16777216 are read/),
      }),
    ]);
  });

  test('of other bytes than announced is refused by S3', async () => {
    const file = Buffer.from('the file as announced');
    const changed = await upload(file, Buffer.from('the file as annOunced'));
    expect([changed.status, await changed.text()]).toEqual([400, expect.stringContaining('BadDigest')]);
    expect((await upload(file, Buffer.from('a longer file than was announced'))).status).toBe(403);
  });

  test.each([
    [{ sha256: 'AB', bytes: 3 }, /sha256: must be a SHA-256/],
    [{ sha256: '0'.repeat(64), bytes: 2 ** 31 }, /bytes: /],
    [{ sha256: '0'.repeat(64) }, /bytes: /],
  ])('is refused as %o', async (form, detail) => {
    const response = await ask(form);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'INVALID_REQUEST', detail: expect.stringMatching(detail) });
  });
});

describe('a ready-made prover key', () => {
  async function contractWith(proverOf: string) {
    const files = await keyFiles('fallible/count');
    const zkir = (await readFile(irFile('fallible/count'))).toString('base64');
    const prover = await readFile((await keyFiles(proverOf)).prover);
    const verifierKey = (await readFile(files.verifier)).toString('base64');
    const circuits = { count: { zkir, verifierKey, proverKey: await uploaded(prover) } };
    const contract = await built(await register({ circuits }));
    return { contract, zkir, verifierKey, proverSha256: sha256(prover) };
  }

  test('is used instead of deriving one, in a contract of its own', async () => {
    const { contract, zkir, verifierKey, proverSha256 } = await contractWith('fallible/count');
    expect(contract).toMatchObject({ state: 'ready', circuits: { count: { proverKeySha256: proverSha256 } } });
    const derived = await register({ circuits: { count: { zkir, verifierKey } } });
    expect(derived.id).not.toBe(contract.id);

    const preimage = (await readFile('test/data/preimages/fallible-count.preimage.bin')).toString('base64');
    const response = await postJob(JSON.stringify({ contract: contract.id, circuit: 'count', preimage }));
    expect(await endOf(jobView.parse(await response.json()))).toMatchObject({ state: 'succeeded' });
  });

  test('of another circuit is a mismatch', async () => {
    const { contract } = await contractWith('composable-inner/get');
    expect(contract).toMatchObject({ state: 'failed', circuits: { count: { error: { code: 'KEY_MISMATCH' } } } });
  });
});

import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readCertificate, selfSignedCertificate } from '../../local/certificate.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightshift-tls-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('one that is made is for the names of this machine and the address, and its key is for nobody else to read', async () => {
  const files = await selfSignedCertificate(folder, '192.0.2.7');
  const certificate = new X509Certificate((await readCertificate(files)).cert);
  for (const address of ['127.0.0.1', '::1', '192.0.2.7']) expect(certificate.checkIP(address)).toBe(address);
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkHost('dapp.example')).toBeUndefined();
  expect((await stat(files.key)).mode & 0o077).toBe(0);
});

test('it is kept from start to start, until it is for another address or ends soon', async () => {
  const certificateOf = async (host: string) => readFile((await selfSignedCertificate(folder, host)).cert, 'utf8');
  const first = await certificateOf('127.0.0.1');
  expect(await certificateOf('127.0.0.1')).toBe(first);
  const second = await certificateOf('192.0.2.7');
  expect(second).not.toBe(first);
  vi.useFakeTimers({ now: Date.now() + 340 * 24 * 3600 * 1000, toFake: ['Date'] });
  try {
    expect(await certificateOf('192.0.2.7')).not.toBe(second);
  } finally {
    vi.useRealTimers();
  }
});

test('files that are no certificate and its key are refused, by their names', async () => {
  const files = await selfSignedCertificate(folder, '127.0.0.1');
  const other = await selfSignedCertificate(join(folder, 'other'), '127.0.0.1');
  await expect(readCertificate({ cert: files.cert, key: other.key })).rejects.toMatchObject({
    code: 'CERTIFICATE_UNUSABLE',
    message: expect.stringContaining(`${other.key} is not the private key of the certificate in ${files.cert}`),
  });
  const junk = join(folder, 'junk.pem');
  await writeFile(junk, 'junk');
  await expect(readCertificate({ cert: junk, key: files.key })).rejects.toMatchObject({ code: 'CERTIFICATE_UNUSABLE' });
  const missing = join(folder, 'missing.pem');
  await expect(readCertificate({ cert: missing, key: files.key })).rejects.toMatchObject({
    message: expect.stringContaining(`${missing} can't be read (ENOENT)`),
  });
});

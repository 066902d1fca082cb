/** The certificate that the local server speaks TLS with: somebody's own, or one that it signs itself. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { LocalError } from './error.ts';

/** Both in PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

/** Files in PEM. */
export interface CertificateFiles {
  cert: string;
  key: string;
}

const DAY_MS = 24 * 3600 * 1000;
const VALID_DAYS = 365;
/** One that ends so soon is made anew. */
const RENEWED_DAYS = 30;

/** @throws LocalError CERTIFICATE_UNUSABLE */
export async function readCertificate({ cert, key }: CertificateFiles): Promise<Certificate> {
  const certificate = { cert: await readPem(cert), key: await readPem(key) };
  if (matches(certificate)) return certificate;
  throw unusable(`${key} is not the private key of the certificate in ${cert}`);
}

async function readPem(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(({ code }) => {
    throw unusable(`${file} can't be read (${code})`);
  });
}

function matches({ cert, key }: Certificate): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

const unusable = (what: string): LocalError =>
  new LocalError('CERTIFICATE_UNUSABLE', `${what}. Name a certificate and its private key, both in PEM files.`);

/**
 * One for this machine's names, kept in a folder from start to start so that it can be trusted once.
 *
 * @param host that the server listens on, which it is for, too.
 */
export async function selfSignedCertificate(folder: string, host: string): Promise<CertificateFiles> {
  const files = { cert: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
  const kept = await readCertificate(files).catch(() => undefined);
  const names = ['localhost', '127.0.0.1', '::1', hostname(), host];
  if (kept && isGoodFor(new X509Certificate(kept.cert), names)) return files;
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'Nightshift on this machine' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + VALID_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [...new Set(names)].map(altNameOf) },
    ],
  });
  await mkdir(folder, { recursive: true });
  await writeFile(files.key, key, { mode: 0o600 });
  await writeFile(files.cert, cert);
  return files;
}

const altNameOf = (name: string) =>
  isIP(name) === 0 ? ({ type: 2, value: name } as const) : ({ type: 7, ip: name } as const);

const isGoodFor = (certificate: X509Certificate, names: string[]): boolean =>
  Date.parse(certificate.validTo) - Date.now() > RENEWED_DAYS * DAY_MS &&
  names.every((name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined);

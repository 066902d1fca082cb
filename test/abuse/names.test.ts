/** Names and paths that try to lead somewhere else. */
import { describe, expect, inject, test } from 'vitest';
import { sendRaw } from '../stack/raw-http.ts';

const url = inject('baseUrl');
const ID = '0'.repeat(64);

const UPWARDS = [
  '..',
  '../..',
  '../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e%2f%2e%2e',
  '%252e%252e%252f',
  '..\\..\\windows',
  '..%5c..%5c',
  '..%c0%af..',
  '....//....//',
  '/etc/passwd',
  'file:///etc/passwd',
  'witness/7',
  'params/bls_midnight_2p6',
  '.',
  '',
  ' ',
  '%00',
  `${ID}%00`,
  `${ID}/..`,
  `dev-${ID}/../../params`,
  'CONTRACT#7',
  '__proto__',
  'constructor',
];

const post = async (path: string, form: unknown) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(form) });
  return { status: answer.status, text: await answer.text() };
};

/** As it is, which fetch would tidy up. */
const statusOf = async (method: string, path: string): Promise<number> => {
  const heard = await sendRaw(
    url,
    `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
  return Number(heard.match(/^HTTP\/1\.1 (\d+)/)?.[1]);
};

describe('a contract that is named', () => {
  test.each(UPWARDS)('%j in a path is none', async (name) => {
    const encoded = name.replaceAll(' ', '%20');
    for (const path of [`/v1/contracts/${encoded}`, `/contracts/${encoded}/prove`, `/contracts/${encoded}/k`]) {
      const method = path.startsWith('/v1/') ? 'GET' : 'POST';
      expect([400, 404], `${method} ${path}`).toContain(await statusOf(method, path));
    }
  });

  test.each(UPWARDS)('%j in a form is none', async (name) => {
    const { status, text } = await post('/v1/estimate', { circuit: 'count', contract: name });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ code: 'INVALID_REQUEST' });
  });
});

describe('a circuit that is named', () => {
  test.each(UPWARDS)('%j is none that there is', async (name) => {
    for (const contract of [undefined, ID]) {
      const { status, text } = await post('/v1/estimate', { circuit: name, contract });
      expect([400, 404]).toContain(status);
      expect(text).not.toMatch(/root:|ENOENT|node_modules|\/tmp\//);
    }
  });

  test.each(UPWARDS.filter((name) => name !== 'constructor'))('%j is registered by nobody', async (name) => {
    const { status, text } = await post('/v1/contracts', {
      circuits: Object.fromEntries([[name, { zkir: 'AAAA' }]]),
    });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ code: 'INVALID_REQUEST' });
  });
});

test.each(UPWARDS)('a job that is named %j is none', async (name) => {
  const encoded = name.replaceAll(' ', '%20');
  for (const path of [`/v1/jobs/${encoded}/proof`, `/v1/batches/${encoded}`]) {
    expect([400, 404], path).toContain(await statusOf('GET', path));
  }
});

test.each(['../../params/bls_midnight_2p6', 'A'.repeat(63), `${'a'.repeat(63)}/`, '..', ''])(
  'an upload goes nowhere but under a hash: %j',
  async (sha256) => {
    expect((await post('/v1/uploads', { sha256, bytes: 7 })).status).toBe(400);
  },
);

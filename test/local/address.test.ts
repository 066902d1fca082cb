import { expect, test } from 'vitest';
import { inUrl, isLoopback } from '../../local/address.ts';

test.each(['localhost', '127.0.0.1', '127.8.9.10', '::1'])('only this machine reaches %s', (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each(['0.0.0.0', '::', '192.168.0.1', '128.0.0.1', '::ffff:10.0.0.1', 'prover.lan', '127.0.0.1.nip.io', ''])(
  'others may reach %s',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);

test('IPv6 stands in brackets', () => {
  expect(['::1', '127.0.0.1', 'prover.lan'].map(inUrl)).toEqual(['[::1]', '127.0.0.1', 'prover.lan']);
});

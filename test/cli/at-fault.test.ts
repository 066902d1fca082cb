import { describe, expect, test } from 'vitest';
import { failuresIn, namingFileOf } from '../../cli/at-fault.ts';
import { NightshiftError } from '../../client/index.ts';

const file = (name: string) => ({ name, path: `/compiled/${name}`, bytes: 1 });
const circuits = [
  { name: 'get', zkir: file('zkir/get.zkir') },
  {
    name: 'vote$reveal',
    zkir: file('zkir/vote$reveal.bzkir'),
    verifierKey: file('keys/vote$reveal.verifier'),
    proverKey: file('keys/vote$reveal.prover'),
  },
];

describe('a refusal', () => {
  test.each([
    ['Circuit get: Unsupported ZKIR version', 'zkir/get.zkir: Unsupported ZKIR version'],
    ['Circuit vote$reveal: It has k=22.\nToo large.', 'zkir/vote$reveal.bzkir: It has k=22.\nToo large.'],
    [
      'Circuit vote$reveal: The verifier key is malformed.',
      'keys/vote$reveal.verifier: The verifier key is malformed.',
    ],
    [
      'Circuit vote$reveal: The prover key and the verifier key …',
      'keys/vote$reveal.prover: The prover key and the verifier key …',
    ],
    ['Circuit get: The verifier key is malformed.', 'zkir/get.zkir: The verifier key is malformed.'],
    ['Circuit other: Unknown', 'Circuit other: Unknown'],
    ['The body is not valid JSON.', 'The body is not valid JSON.'],
  ])('%s', (message, named) => {
    const error = namingFileOf(circuits, new NightshiftError('INVALID_CIRCUIT', message, { status: 400 }));
    expect(error).toMatchObject({ code: 'INVALID_CIRCUIT', status: 400, message: named });
  });

  test('that is no refusal is left as it is', () => {
    const bug = new TypeError('Circuit get: undefined');
    expect(namingFileOf(circuits, bug)).toBe(bug);
  });
});

test('circuits that failed, in terms of their files', () => {
  const known = { k: 6, lane: 'small', zkirSha256: '0'.repeat(64), zkirBytes: 1 } as const;
  const error = { code: 'KEY_MISMATCH', message: 'The verifier key derived from the ZKIR …' } as const;
  const contract = {
    id: 'id',
    state: 'failed',
    parameters: 'midnight',
    createdAt: '2026-11-21T00:00:00Z',
    circuits: {
      get: { state: 'ready', ...known },
      vote$reveal: { state: 'failed', ...known, error },
    },
    links: { self: '/v1/contracts/id', prefix: '/contracts/id' },
  } as const;
  expect(failuresIn(contract, circuits)).toMatchObject([
    { code: 'KEY_MISMATCH', message: `keys/vote$reveal.verifier: ${error.message}` },
  ]);
});

/** Requests and answers to learn from. Bytes are shortened. */

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const ID = '2f0c63a4-9d0c-4a4c-9a2e-0f4f8d1c7b55';
const CONTRACT = '5f'.repeat(32);
const PREIMAGE = base64('midnight:proof-preimage:…');
const PROOF = base64('midnight:proof-versioned:…');
const STATEMENT = ['27803944750923959266501579382103303330704530768669167727714962494534498299741', '1'];

const links = { self: `/v1/jobs/${ID}`, proof: `/v1/jobs/${ID}/proof` };

export const JOB_FORM = {
  summary: 'A circuit that every deployment knows',
  value: { circuit: 'midnight/dust/spend', preimage: PREIMAGE },
};

export const JOB_FORM_OF_CONTRACT = {
  summary: 'A circuit of a registered contract',
  value: {
    contract: CONTRACT,
    circuit: 'increment',
    preimage: PREIMAGE,
    deadlineSeconds: 300,
    labels: { wallet: '7' },
  },
};

export const TAKEN_JOB = {
  summary: 'Taken',
  value: {
    id: ID,
    operation: 'prove',
    state: 'queued',
    circuit: 'midnight/dust/spend',
    k: 13,
    lane: 'medium',
    createdAt: '2026-11-21T22:00:00.000Z',
    attempts: 0,
    links,
  },
};

export const JOB = {
  summary: 'Proved',
  value: {
    ...TAKEN_JOB.value,
    state: 'succeeded',
    startedAt: '2026-11-21T22:00:00.120Z',
    endedAt: '2026-11-21T22:00:01.310Z',
    attempts: 1,
    timings: { queuedMs: 120, keysMs: 310, proveMs: 804, verifyMs: 6 },
    peakMemoryMb: 87.2,
    costUsd: 0.0000691,
    statement: STATEMENT,
    proof: PROOF,
  },
};

export const CLAIM = {
  summary: 'One proof',
  value: { circuit: 'midnight/dust/spend', proof: PROOF, statement: STATEMENT },
};

export const CONTRACT_FORM = {
  summary: 'ZKIR, and the verifier key that must come of it',
  value: {
    circuits: { increment: { zkir: base64('{"version":{"major":2,"minor":0},…'), verifierKey: base64('midnight:…') } },
  },
};

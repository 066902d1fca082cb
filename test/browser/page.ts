/** What the test's page runs: a dApp that has a transaction proven. Its keys come from its own server. */
import { CostModel, Transaction } from '@midnight-ntwrk/ledger-v8';
import { httpClientProvingProvider } from '@midnight-ntwrk/midnight-js-http-client-proof-provider';
import {
  createProverKey,
  createVerifierKey,
  createZKIR,
  type ProverKey,
  type VerifierKey,
  ZKConfigProvider,
  type ZKIR,
} from '@midnight-ntwrk/midnight-js-types';
import { recording } from '../e2e/recording.ts';

async function download(path: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(path)).arrayBuffer());
}

class KeysOfThisSite extends ZKConfigProvider<string> {
  override async getZKIR(): Promise<ZKIR> {
    return createZKIR(await download('/ir'));
  }

  override async getProverKey(): Promise<ProverKey> {
    return createProverKey(await download('/prover'));
  }

  override async getVerifierKey(): Promise<VerifierKey> {
    return createVerifierKey(await download('/verifier'));
  }
}

/** Has the transaction of this site proven at `server`, and returns the proofs that were made for it. */
async function prove(server: string) {
  const { provider, proofs } = recording(httpClientProvingProvider(server, new KeysOfThisSite()));
  const bytes = await download('/transaction');
  const unproven = Transaction.deserialize('signature', 'pre-proof', 'pre-binding', bytes);
  await unproven.prove(provider, CostModel.initialCostModel());
  return proofs;
}

const page = { prove };
export type Page = typeof page;
Object.assign(globalThis, page);

/** A transaction that spends dust: circuit midnight/dust/spend, k=13, with a binding input. */
import {
  addressFromKey,
  ClaimRewardsTransaction,
  DustActions,
  DustLocalState,
  DustRegistration,
  DustSecretKey,
  Intent,
  type PreProof,
  type SignatureEnabled,
  SignatureErased,
  signatureVerifyingKey,
  signingKeyFromBip340,
  Transaction,
} from '@midnight-ntwrk/ledger-v8';
import { fresh, hex, positive, type Random } from './random.ts';
import { NETWORK, TestLedger } from './test-ledger.ts';
import type { Unproven } from './unproven.ts';

const NIGHT = 1_000_000n;
const A_WEEK = 7 * 24 * 3600;

function intentWith(ledger: TestLedger, dustActions: DustActions<SignatureEnabled, PreProof>) {
  const intent = Intent.new(new Date(ledger.time.getTime() + 60_000));
  intent.dustActions = dustActions;
  return Transaction.fromParts(NETWORK, undefined, undefined, intent);
}

/** A wallet whose night has generated dust for a week. */
function walletWithDust(random: Random, ledger: TestLedger) {
  const dustKey = DustSecretKey.fromSeed(random(32));
  const nightKey = signatureVerifyingKey(signingKeyFromBip340(random(32)));
  const registration = new DustRegistration<SignatureEnabled>('signature', nightKey, dustKey.publicKey, 0n);
  ledger.apply(intentWith(ledger, new DustActions('signature', 'pre-proof', ledger.time, [], [registration])));

  ledger.state = ledger.state.testingDistributeNight(addressFromKey(nightKey), NIGHT, ledger.time);
  const nonce = hex(random(32));
  const claim = new ClaimRewardsTransaction('signature-erased', NETWORK, NIGHT, nightKey, nonce, new SignatureErased());
  const events = ledger.apply(Transaction.fromRewards(claim));
  ledger.advance(A_WEEK);
  const wallet = new DustLocalState(ledger.state.parameters.dust).replayEvents(dustKey, events);
  return { dustKey, wallet: wallet.processTtls(ledger.time) };
}

/** Keys and fee are drawn from `random`; the package draws the randomness of the transaction's binding itself. */
export function unprovenDustSpend(random: Random = fresh): Unproven {
  const ledger = new TestLedger();
  const { dustKey, wallet } = walletWithDust(random, ledger);
  const [coin] = wallet.utxos;
  if (!coin) throw new Error('The ledger generated no dust.');
  const [, spend] = wallet.spend(dustKey, coin, positive(random, 5), ledger.time);
  const actions = new DustActions<SignatureEnabled, PreProof>('signature', 'pre-proof', ledger.time, [spend]);
  return { transaction: intentWith(ledger, actions), ledger };
}

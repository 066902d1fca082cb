/** Nightshift as the prover of wallet-sdk. */
import type { ProvingService, UnboundTransaction } from '@midnight-ntwrk/wallet-sdk-capabilities/proving';
import { type ProvingOptions, proveTransaction } from './ledger.ts';
import type { Nightshift } from './nightshift.ts';

/** For `WalletFacade.init({ provingService: () => provingService(nightshift), … })`. Rejects with NightshiftError. */
export const provingService = (
  nightshift: Nightshift,
  options?: ProvingOptions,
): ProvingService<UnboundTransaction> => ({
  prove: (transaction) => proveTransaction(nightshift, transaction, options),
});

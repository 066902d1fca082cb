/** What a sealed witness is bound to: it opens for this job, and for no other. */
import { contractHolding } from '../contracts/names.ts';

export interface Binding {
  /** Whose job it is. */
  tenant: string;
  /** The job's id, which the client chose. */
  id: string;
  operation: string;
  /** Not of a transaction. */
  circuit?: string | undefined;
  contract?: string | undefined;
  /** Decimal, as it is sent; unless it was written into the preimage before that was sealed. */
  bindingInput?: string | undefined;
}

/** HPKE's `aad`: a JSON array, without spaces, so that no two jobs have the same. */
export function additionalData({ tenant, id, operation, circuit, contract, bindingInput }: Binding): Uint8Array {
  const bound = [
    tenant,
    id.toLowerCase(),
    operation,
    circuit ?? null,
    contractHolding(circuit, contract) ?? null,
    bindingInput ?? null,
  ];
  return new TextEncoder().encode(JSON.stringify(bound));
}

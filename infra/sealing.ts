import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { keyOf } from '../core/store/row-keys.ts';
import type { PrivateKeys } from './private-keys.ts';
import type { Storage } from './storage.ts';

/** Who may make sealing keys, and who may open with them: the functions that compute on witnesses, and nobody else. */
export class Sealing {
  readonly #storage: Storage;
  readonly #privateKeys: PrivateKeys;

  constructor(storage: Storage, privateKeys: PrivateKeys) {
    this.#storage = storage;
    this.#privateKeys = privateKeys;
  }

  /** Sealing what is stored, which takes the current key, and making that when it is time. */
  grantSeal(grantee: LambdaFunction): void {
    this.#storage.grantRows(grantee, [keyOf.sealingKey('*').PK, keyOf.currentSealingKey.PK], 'GetItem', 'PutItem');
    this.#privateKeys.grantMake(grantee);
  }

  grantOpen(grantee: LambdaFunction): void {
    this.#storage.grantRows(grantee, [keyOf.sealingKey('*').PK], 'GetItem');
    this.#privateKeys.grantRead(grantee);
  }
}

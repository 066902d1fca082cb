import { Lazy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { KEY_PAIR_SPEC, SEALING_PURPOSE } from '../core/store/kms.ts';
import { keyOf } from '../core/store/table.ts';
import type { StackKey } from './stack-key.ts';
import type { Storage } from './storage.ts';

/** Private sealing keys, by what KMS is told of them. */
const SEALING_KEYS = { 'kms:EncryptionContext:purpose': SEALING_PURPOSE };

/** Who may make sealing keys, and who may unwrap them: the functions that compute on witnesses, and nobody else. */
export class Sealing {
  readonly #stackKey: StackKey;
  readonly #storage: Storage;
  readonly #openers: string[] = [];

  constructor(stackKey: StackKey, storage: Storage) {
    this.#stackKey = stackKey;
    this.#storage = storage;
    // Whatever other policies and grants of KMS allow, an administrator's too.
    this.#deny(['kms:Decrypt'], { ArnNotEquals: { 'aws:PrincipalArn': Lazy.list({ produce: () => this.#openers }) } });
    // A private key is seen at its making by nobody, and is neither brought along nor wrapped anew.
    this.#deny(['kms:GenerateDataKeyPair', 'kms:Encrypt', 'kms:ReEncrypt*']);
  }

  /** Sealing what is stored, which takes the current key, and making that when it is time. */
  grantSeal(grantee: LambdaFunction): void {
    const { keyArn } = this.#stackKey.key;
    grantee.addEnvironment('STACK_KEY_ARN', keyArn);
    this.#storage.grantRows(grantee, [keyOf.sealingKey('*').PK, keyOf.currentSealingKey.PK], 'GetItem', 'PutItem');
    grantee.addToRolePolicy(
      new PolicyStatement({
        actions: ['kms:GenerateDataKeyPairWithoutPlaintext'],
        resources: [keyArn],
        conditions: { StringEquals: { ...SEALING_KEYS, 'kms:DataKeyPairSpec': KEY_PAIR_SPEC } },
      }),
    );
  }

  grantOpen(grantee: LambdaFunction): void {
    const { keyArn } = this.#stackKey.key;
    grantee.addEnvironment('STACK_KEY_ARN', keyArn);
    this.#storage.grantRows(grantee, [keyOf.sealingKey('*').PK], 'GetItem');
    grantee.addToRolePolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [keyArn],
        conditions: { StringEquals: SEALING_KEYS },
      }),
    );
    if (grantee.role) this.#openers.push(grantee.role.roleArn);
  }

  #deny(actions: string[], conditions: Record<string, unknown> = {}): void {
    this.#stackKey.key.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions,
        resources: ['*'],
        conditions: { StringEquals: SEALING_KEYS, ...conditions },
      }),
    );
  }
}

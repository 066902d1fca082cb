/** Where the private halves of sealing keys are, and who may have them. */
import { ArnFormat, Lazy, Stack, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { KEY_PAIR_SPEC, SEALING_PURPOSE } from '../core/store/kms.ts';
import type { StackKey } from './stack-key.ts';

export interface PrivateKeys {
  grantMake(grantee: LambdaFunction): void;
  grantRead(grantee: LambdaFunction): void;
}

/** Private sealing keys, by what KMS is told of them. */
const SEALING_KEYS = { 'kms:EncryptionContext:purpose': SEALING_PURPOSE };

/** KMS makes them and wraps them with the stack's key. */
export class WrappedKeys implements PrivateKeys {
  readonly #stackKey: StackKey;
  readonly #readers: string[] = [];

  constructor(stackKey: StackKey) {
    this.#stackKey = stackKey;
    // Whatever other policies and grants of KMS allow, an administrator's too.
    this.#deny(['kms:Decrypt'], { ArnNotEquals: { 'aws:PrincipalArn': Lazy.list({ produce: () => this.#readers }) } });
    // A private key is seen at its making by nobody, and is neither brought along nor wrapped anew.
    this.#deny(['kms:GenerateDataKeyPair', 'kms:Encrypt', 'kms:ReEncrypt*']);
  }

  grantMake(grantee: LambdaFunction): void {
    this.#grant(grantee, 'kms:GenerateDataKeyPairWithoutPlaintext', { 'kms:DataKeyPairSpec': KEY_PAIR_SPEC });
  }

  grantRead(grantee: LambdaFunction): void {
    this.#grant(grantee, 'kms:Decrypt');
    if (grantee.role) this.#readers.push(grantee.role.roleArn);
  }

  #grant(grantee: LambdaFunction, action: string, equal: Record<string, string> = {}): void {
    const { keyArn } = this.#stackKey.key;
    grantee.addEnvironment('STACK_KEY_ARN', keyArn);
    const conditions = { StringEquals: { ...SEALING_KEYS, ...equal } };
    grantee.addToRolePolicy(new PolicyStatement({ actions: [action], resources: [keyArn], conditions }));
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

/** In a stack without a KMS key: who seals makes them, and Parameter Store keeps them, encrypted with a key of AWS's. */
export class KeptKeys implements PrivateKeys {
  readonly #path: string;
  readonly #parameters: string;

  constructor(scope: Construct) {
    const stack = Stack.of(scope);
    this.#path = `/${stack.stackName}/sealing-keys`;
    this.#parameters = stack.formatArn({
      service: 'ssm',
      resource: `parameter${this.#path}/*`,
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    });
  }

  grantMake(grantee: LambdaFunction): void {
    this.#grant(grantee, 'ssm:PutParameter');
  }

  grantRead(grantee: LambdaFunction): void {
    this.#grant(grantee, 'ssm:GetParameter');
  }

  #grant(grantee: LambdaFunction, action: string): void {
    grantee.addEnvironment('SEALING_KEYS_PATH', this.#path);
    grantee.addToRolePolicy(new PolicyStatement({ actions: [action], resources: [this.#parameters] }));
    Validations.of(grantee.role ?? grantee).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter${this.#path}/*]`,
      reason: 'Sealing keys are named by their ids.',
    });
  }
}

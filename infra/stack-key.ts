import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, type IPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

const ID = 'StackKey';

/** Services that keep something for whoever calls them. */
const KEEPERS = ['dynamodb', 's3', 'sqs'];

const CRYPTO = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];

type Conditions = Record<string, Record<string, string | string[]>>;

/** The one KMS key, where there is one: everything that the stack keeps is encrypted with it. No role may use it but through the service that keeps. */
export class StackKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct) {
    super(scope, ID);
    const { account, region, partition } = Stack.of(this);
    this.key = new Key(this, 'Key', {
      description: 'Nightshift: what is kept',
      enableKeyRotation: true,
      // Somebody may delete it by hand: until then it can be had back.
      pendingWindow: Duration.days(30),
      // What outlives the stack, the audit log in any case, can't be read without it.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // Whoever may use a table, bucket or queue has it decrypted there, and needs no permission on the key itself.
    this.#allow(new AnyPrincipal(), [...CRYPTO, 'kms:CreateGrant'], {
      StringEquals: {
        'kms:CallerAccount': account,
        'kms:ViaService': KEEPERS.map((service) => `${service}.${region}.amazonaws.com`),
      },
    });
    this.#allow(new ServicePrincipal(`logs.${region}.amazonaws.com`), CRYPTO, {
      ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
    });
    // Alarms are told to the topic.
    this.#allow(new ServicePrincipal('cloudwatch.amazonaws.com'), ['kms:Decrypt', 'kms:GenerateDataKey*'], {
      StringEquals: { 'aws:SourceAccount': account },
    });
  }

  /** @returns undefined in a stack that has none. */
  static of(scope: Construct): StackKey | undefined {
    return Stack.of(scope).node.tryFindChild(ID) as StackKey | undefined;
  }

  #allow(principal: IPrincipal, actions: string[], conditions: Conditions): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({ principals: [principal], actions, resources: ['*'], conditions }),
    );
  }
}

import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, HttpMethods } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { INLINED_KEYS_RETENTION_DAYS, JOB_RETENTION_HOURS, WITNESS_RETENTION_DAYS } from '../core/limits.ts';
import { INLINED_KEYS_PREFIX, RESULTS_PREFIX, WITNESS_PREFIX } from '../core/store/objects.ts';
import { TENANT_INDEX } from '../core/store/table.ts';

/** The one table and the one bucket. */
export class Storage extends Construct {
  readonly table: TableV2;
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'PK', type: AttributeType.STRING },
      sortKey: { name: 'SK', type: AttributeType.STRING },
      globalSecondaryIndexes: [
        {
          indexName: TENANT_INDEX.name,
          partitionKey: { name: TENANT_INDEX.partitionKey, type: AttributeType.STRING },
          sortKey: { name: TENANT_INDEX.sortKey, type: AttributeType.STRING },
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: TENANT_INDEX.projected,
        },
      ],
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // Pages download by presigned URLs.
      cors: [{ allowedMethods: [HttpMethods.GET], allowedOrigins: ['*'] }],
      // No versions: a deleted witness is gone.
      versioned: false,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { prefix: WITNESS_PREFIX, expiration: Duration.days(WITNESS_RETENTION_DAYS) },
        { prefix: RESULTS_PREFIX, expiration: Duration.days(Math.ceil(JOB_RETENTION_HOURS / 24)) },
        { prefix: INLINED_KEYS_PREFIX, expiration: Duration.days(INLINED_KEYS_RETENTION_DAYS) },
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
  }

  /** Access to the objects under a prefix, and no others. */
  grantObjects(grantee: LambdaFunction, prefix: string, ...actions: ('Get' | 'Put' | 'Delete')[]): void {
    grantee.addToRolePolicy(
      new PolicyStatement({
        actions: actions.map((action) => `s3:${action}Object`),
        resources: [this.bucket.arnForObjects(`${prefix}*`)],
      }),
    );
    // Without it S3 answers 403 instead of 404 for an object that is not there.
    grantee.addToRolePolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }));
    const bucketId = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket);
    Validations.of(grantee).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/${prefix}*]`,
      reason: 'Objects are named by job id or hash, so the grant ends in a prefix.',
    });
  }

  /** Reading single jobs and the counts. */
  grantRead(grantee: LambdaFunction): void {
    this.#grantTable(grantee, 'GetItem', 'BatchGetItem');
  }

  /** Moving jobs from state to state. */
  grantMove(grantee: LambdaFunction): void {
    this.#grantTable(grantee, 'GetItem', 'PutItem', 'UpdateItem');
  }

  /** Finding the job of a request that was made before. */
  grantAttach(grantee: LambdaFunction): void {
    this.#grantTable(grantee, 'Query', 'DeleteItem');
  }

  /** Going through a tenant's jobs. */
  grantList(grantee: LambdaFunction): void {
    grantee.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:Query'],
        resources: [`${this.table.tableArn}/index/${TENANT_INDEX.name}`],
      }),
    );
  }

  #grantTable(grantee: LambdaFunction, ...operations: string[]): void {
    grantee.addToRolePolicy(
      new PolicyStatement({
        actions: operations.map((operation) => `dynamodb:${operation}`),
        resources: [this.table.tableArn],
      }),
    );
  }
}

import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, type CfnBucket, HttpMethods } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import {
  INLINED_KEYS_RETENTION_DAYS,
  JOB_RETENTION_HOURS,
  UPLOAD_RETENTION_DAYS,
  WITNESS_RETENTION_DAYS,
} from '../core/limits.ts';
import { INLINED_KEYS_PREFIX, RESULTS_PREFIX, UPLOADS_PREFIX, WITNESS_PREFIX } from '../core/store/objects.ts';
import { INDEX } from '../core/store/table.ts';
import { bucketEncryption, encryptTable, tableEncryption } from './encryption.ts';
import { settingsOf } from './settings.ts';

const OBJECT_ACTIONS = {
  Get: ['s3:GetObject'],
  Put: ['s3:PutObject'],
  /** In parts; what fails is taken back. */
  Upload: ['s3:PutObject', 's3:AbortMultipartUpload'],
  Delete: ['s3:DeleteObject'],
};

type RowOperation =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem';

/** By these, whoever puts an object would have it encrypted in another way than the bucket's. */
const OTHER_ENCRYPTION = ['s3:x-amz-server-side-encryption', 's3:x-amz-server-side-encryption-customer-algorithm'];

/** The one table and the one bucket. */
export class Storage extends Construct {
  readonly table: TableV2;
  /** The table's stream of changes. */
  readonly streamArn: string;
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { keepData } = settingsOf(this);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'PK', type: AttributeType.STRING },
      sortKey: { name: 'SK', type: AttributeType.STRING },
      globalSecondaryIndexes: [
        {
          indexName: INDEX.name,
          partitionKey: { name: INDEX.partitionKey, type: AttributeType.STRING },
          sortKey: { name: INDEX.sortKey, type: AttributeType.STRING },
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: INDEX.projected,
        },
      ],
      billing: Billing.onDemand(),
      encryption: tableEncryption(this),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      // The audit log follows from it.
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      deletionProtection: keepData,
      // An update that would have to replace the table leaves the old one where it is. Were it also deleted where its making
      // is rolled back, its protection would stop that.
      removalPolicy: keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    encryptTable(this.table);
    this.streamArn = this.table.tableStreamArn as string;
    this.bucket = new Bucket(this, 'Bucket', {
      ...bucketEncryption(this),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // Pages download and upload by presigned URLs.
      cors: [{ allowedMethods: [HttpMethods.GET, HttpMethods.PUT], allowedOrigins: ['*'], allowedHeaders: ['*'] }],
      // No versions: a deleted witness is gone.
      versioned: false,
      removalPolicy: keepData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
      autoDeleteObjects: !keepData,
      lifecycleRules: [
        { prefix: WITNESS_PREFIX, expiration: Duration.days(WITNESS_RETENTION_DAYS) },
        { prefix: RESULTS_PREFIX, expiration: Duration.days(Math.ceil(JOB_RETENTION_HOURS / 24)) },
        { prefix: UPLOADS_PREFIX, expiration: Duration.days(UPLOAD_RETENTION_DAYS) },
        { prefix: INLINED_KEYS_PREFIX, expiration: Duration.days(INLINED_KEYS_RETENTION_DAYS) },
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    for (const header of OTHER_ENCRYPTION) this.#refusePutsWith(header);
  }

  /** Access to the objects under a prefix, and no others. */
  grantObjects(grantee: LambdaFunction, prefix: string, ...actions: (keyof typeof OBJECT_ACTIONS)[]): void {
    grantee.addToRolePolicy(
      new PolicyStatement({
        actions: actions.flatMap((action) => OBJECT_ACTIONS[action]),
        resources: [this.bucket.arnForObjects(`${prefix}*`)],
      }),
    );
    // Without it S3 answers 403 instead of 404 for an object that is not there.
    if (actions.includes('Get')) this.#grantBucket(grantee, {});
    const bucketId = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket);
    Validations.of(grantee.role ?? grantee).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/${prefix}*]`,
      reason: 'Objects are named by job id or hash, so the grant ends in a prefix.',
    });
  }

  /** Access to the rows of partitions (`partitions.ts`), and no others. */
  grantRows(grantee: LambdaFunction, partitions: string[], ...operations: RowOperation[]): void {
    this.#grantTable(grantee, operations, { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } });
  }

  /** Setting these attributes of rows, which are not told. */
  grantAttributes(grantee: LambdaFunction, partitions: string[], attributes: string[]): void {
    this.#grantTable(grantee, ['UpdateItem'], {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions },
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['PK', 'SK', ...attributes] },
      StringEqualsIfExists: { 'dynamodb:ReturnValues': 'NONE' },
    });
  }

  /** Listing the objects under a prefix, and no others. */
  grantList(grantee: LambdaFunction, prefix: string): void {
    this.#grantBucket(grantee, { StringLike: { 's3:prefix': `${prefix}*` } });
  }

  /** Looking into the index, which has keys, states and labels of rows. */
  grantIndex(grantee: LambdaFunction): void {
    grantee.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:Query'],
        resources: [`${this.table.tableArn}/index/${INDEX.name}`],
      }),
    );
  }

  #refusePutsWith(header: string): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects('*')],
        conditions: { Null: { [header]: 'false' } },
      }),
    );
  }

  #grantBucket(grantee: LambdaFunction, conditions: Record<string, unknown>): void {
    const resources = [this.bucket.bucketArn];
    grantee.addToRolePolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources, conditions }));
  }

  #grantTable(grantee: LambdaFunction, operations: RowOperation[], conditions: Record<string, unknown>): void {
    grantee.addToRolePolicy(
      new PolicyStatement({
        actions: operations.map((operation) => `dynamodb:${operation}`),
        resources: [this.table.tableArn],
        conditions,
      }),
    );
  }
}

import { DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { expect, inject, test } from 'vitest';
import { awsAt } from '../../local/aws.ts';

test('rows end by themselves: the table has its time to live', async () => {
  const { dynamodb } = awsAt(inject('awsEndpoint'));
  const { TimeToLiveDescription } = await dynamodb.send(
    new DescribeTimeToLiveCommand({ TableName: inject('outputs').TableName }),
  );
  expect(TimeToLiveDescription).toMatchObject({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
});

/** What a CDK deployment expects in an account: the part of the CDK's own bootstrap stack that zip assets need. */
import { ACCOUNT, REGION } from './aws.ts';

const QUALIFIER = 'hnb659fds';
/** The CDK asks for 6 at least. */
const VERSION = '30';

export const BOOTSTRAP_STACK = 'CDKToolkit';
export const ASSET_BUCKET = `cdk-${QUALIFIER}-assets-${ACCOUNT}-${REGION}`;
export const BOOTSTRAP_TEMPLATE = {
  Resources: {
    Assets: { Type: 'AWS::S3::Bucket', Properties: { BucketName: ASSET_BUCKET } },
    Version: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: `/cdk-bootstrap/${QUALIFIER}/version`, Type: 'String', Value: VERSION },
    },
  },
};

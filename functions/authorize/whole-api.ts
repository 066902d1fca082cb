import type { PolicyDocument } from 'aws-lambda';

/** Lets a request into whatever the API has: `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{method}/{path}`. */
export function wholeApi(methodArn: string): PolicyDocument {
  const [api, stage] = methodArn.split('/');
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: `${api}/${stage}/*` }],
  };
}

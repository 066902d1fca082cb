/** Which function answers what. */
import type { Integration, IResource } from 'aws-cdk-lib/aws-apigateway';

/** Paths whose POST is for submit. */
const SUBMITTED = [
  'prove',
  'check',
  'k',
  'prove-tx',
  'contracts/{id}/prove',
  'contracts/{id}/check',
  'contracts/{id}/k',
  'v1/jobs',
  'v1/batches',
  'v1/verify',
  'v1/check',
  'v1/estimate',
  'v1/contracts',
  'v1/uploads',
];
/** Paths with parameters that status answers. */
const LOOKED_UP = ['v1/contracts/{id}', 'v1/batches/{id}', 'v1/jobs/{id}', 'v1/jobs/{id}/proof', 'fetch-params/{k}'];

/**
 * Everything that is not submit's goes to status, which answers it or says 404 as the reference does. API Gateway's own
 * answer to a method that a path does not have would be 403.
 */
export function addRoutes(root: IResource, submit: Integration, status: Integration): void {
  const resources = [root, root.addResource('{proxy+}')];
  for (const path of SUBMITTED) {
    const resource = root.resourceForPath(path);
    resource.addMethod('POST', submit);
    resources.push(resource);
  }
  resources.push(...LOOKED_UP.map((path) => root.resourceForPath(path)));
  for (const resource of resources) resource.addMethod('ANY', status);
}

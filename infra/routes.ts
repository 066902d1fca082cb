/** Which function answers what, and what is answered to everybody. */
import { AuthorizationType, type IAuthorizer, type Integration, type IResource } from 'aws-cdk-lib/aws-apigateway';

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
/** What anybody may GET, besides the root. */
const PUBLIC = ['health', 'ready', 'version', 'proof-versions', 'v1/sealing-key'];

/**
 * Everything that is not submit's goes to status, which answers it or says 404 as the reference does. API Gateway's own
 * answer to a method that a path does not have would be 403.
 *
 * An API key is asked for unless a method is public: a browser sends none with its preflights.
 */
export function addRoutes(
  root: IResource,
  { submit, status, authorizer }: { submit: Integration; status: Integration; authorizer: IAuthorizer },
): void {
  const guarded = { authorizer, authorizationType: AuthorizationType.CUSTOM };
  const everybody = { authorizationType: AuthorizationType.NONE };
  const resources = [root, root.addResource('{proxy+}')];
  for (const path of SUBMITTED) {
    const resource = root.resourceForPath(path);
    resource.addMethod('POST', submit, guarded);
    resources.push(resource);
  }
  resources.push(...[...LOOKED_UP, ...PUBLIC].map((path) => root.resourceForPath(path)));
  for (const resource of [root, ...PUBLIC.map((path) => root.resourceForPath(path))]) {
    resource.addMethod('GET', status, everybody);
  }
  for (const resource of resources) {
    resource.addMethod('ANY', status, guarded);
    resource.addMethod('OPTIONS', status, everybody);
  }
}

/** What a template's functions may do, in words. */
import type { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';

const statement = z.strictObject({
  Effect: z.literal('Allow'),
  Action: z.union([z.string(), z.array(z.string())]),
  Resource: z.unknown(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
type Statement = z.infer<typeof statement>;

const ref = z.object({ Ref: z.string() });
const arn = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.enum(['Arn', 'StreamArn'])]) });

export interface Privilege {
  /** `s3:GetObject` */
  actions: string[];
  /** What they may be done to: `StorageBucket/witness/*` */
  resource: string;
  /** What has to be so besides: `StringLike s3:prefix witness/*` */
  conditions: string[];
}

/** By function, as the template calls it. @throws if a function has a role with others, or policies of AWS's. */
export function privilegesIn(template: Template): Map<string, Privilege[]> {
  const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
  const roles = template.findResources('AWS::IAM::Role');
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  const all = functions.map(([id, { Properties }]) => {
    const [role] = arn.parse(Properties.Role)['Fn::GetAtt'];
    const { AssumeRolePolicyDocument: _, Tags: __, Policies: inline = [], ...given } = roles[role]?.Properties ?? {};
    if (Object.keys(given).length > 0) throw new Error(`${role} has more than is listed: ${JSON.stringify(given)}`);
    const own = policies.filter(({ Properties }) =>
      ref
        .array()
        .parse(Properties.Roles)
        .some(({ Ref }) => Ref === role),
    );
    const documents = [...inline, ...own.map(({ Properties }) => Properties)].map((policy) => policy.PolicyDocument);
    const statements = documents.flatMap(({ Statement }) => statement.array().parse(Statement));
    return [role, nameOf(id), statements.flatMap(privilegesOf)] as const;
  });
  if (new Set(all.map(([role]) => role)).size < all.length) throw new Error('functions share a role');
  return new Map(all.map(([, name, privileges]) => [name, privileges]));
}

const privilegesOf = ({ Action, Resource, Condition = {} }: Statement): Privilege[] =>
  [Resource].flat().map((resource) => ({
    actions: [Action].flat(),
    resource: told(resource),
    conditions: Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => `${operator} ${key} ${[values].flat().map(told).join(' | ')}`),
    ),
  }));

/** A value of the template: its resources by their names, and what belongs to AWS by AWS's. */
function told(value: unknown): string {
  if (typeof value === 'string') return value;
  const pseudo = ref.safeParse(value);
  if (pseudo.success) return pseudo.data.Ref;
  const joined = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }).safeParse(value);
  if (joined.success) return joined.data['Fn::Join'][1].map(told).join('');
  const [id, attribute] = arn.parse(value)['Fn::GetAtt'];
  return nameOf(id) + (attribute === 'StreamArn' ? '/stream' : '');
}

/** Without the hash that ends it. */
const nameOf = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');

/** `nightshift tenants`: who has proofs made by a deployment. What it does is in `operator/`. */
import { type Command, Option } from 'commander';
import { RECOVERY_DAYS } from '../../core/limits.ts';
import { TENANT_LIMITS } from '../../core/tenant-limits.ts';
import { wholeNumber } from '../../local/number-options.ts';
import { type StackOptions, withStack } from '../options.ts';
import { perform } from '../perform.ts';
import { AS_DEPLOYED, limitOption } from '../tenant-limit-options.ts';

const AS_DEPLOYED_HELP = `${AS_DEPLOYED}: as the deployment says`;

const ERASE_HELP = `
Takes its keys away, cancels its open jobs, and waits until requests that were let in before are over. Then all that it has
is deleted: jobs, witnesses, results, batches, counts, and what is kept of its requests. Broken off, the same command goes on.

Not deleted: contracts, since they are named by their content and shared; the audit log; the table's recovery points, which
keep rows, but no witness, for ${RECOVERY_DAYS} days.`;

const limitHelp = (of = ''): string => `at most so many ${of}; 0: any number`;

export function addTenants(program: Command): void {
  const tenants = program.command('tenants').description("a deployment's tenants, for its operator");
  addList(tenants);
  addCreate(tenants);
  addLimits(tenants);
  addErase(tenants);
}

function addList(tenants: Command): void {
  withStack(
    tenants
      .command('list', { isDefault: true })
      .description('lists tenants with their limits; what tenants does by itself'),
  ).action((options: StackOptions) =>
    perform(options, async () => (await import('../operator/tenants.ts')).listTenants(options)),
  );
}

function addCreate(tenants: Command): void {
  const create = tenants
    .command('create')
    .description('makes a tenant; its API keys come from api-keys create')
    .argument('<id>', 'its name: small letters, digits and hyphens');
  for (const { name, schema } of TENANT_LIMITS) {
    create.addOption(
      new Option(`${limitOption(name)} <number>`, limitHelp(schema.description)).argParser(wholeNumber(schema)),
    );
  }
  withStack(create).action((id: string, options: StackOptions) =>
    perform(options, async () => (await import('../operator/tenants.ts')).addTenant(id, options)),
  );
}

function addLimits(tenants: Command): void {
  const limits = tenants
    .command('limits')
    .description('changes limits of a tenant, from its next job on')
    .argument('<id>', 'the tenant');
  for (const { name, schema } of TENANT_LIMITS) {
    const number = wholeNumber(schema, `Or ${AS_DEPLOYED_HELP}.`);
    limits.addOption(
      new Option(`${limitOption(name)} <number>`, `${limitHelp(schema.description)}; ${AS_DEPLOYED_HELP}`).argParser(
        (text) => (text === AS_DEPLOYED ? AS_DEPLOYED : number(text)),
      ),
    );
  }
  withStack(limits).action((id: string, options: StackOptions) =>
    perform(options, async () => (await import('../operator/tenants.ts')).changeLimits(id, options)),
  );
}

function addErase(tenants: Command): void {
  withStack(
    tenants
      .command('erase')
      .description('deletes a tenant with all that it has')
      .argument('<id>', 'the tenant')
      .option('--yes', 'do not ask for its name to be typed')
      .addHelpText('after', ERASE_HELP),
  ).action((id: string, options: StackOptions & { yes?: boolean }) =>
    perform(options, async ({ first }) =>
      (await import('../operator/tenants-erase.ts')).eraseTenant(id, options, first),
    ),
  );
}

/** The commands of `nightshift`. */
import { Command } from 'commander';
import { VERSION } from '../core/version.ts';
import { addApiKeys } from './commands/api-keys.ts';
import { addCheck } from './commands/check.ts';
import { addDeadLetters } from './commands/dead-letters.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEstimate } from './commands/estimate.ts';
import { addJobsCancel } from './commands/jobs-cancel.ts';
import { addJobsList } from './commands/jobs-list.ts';
import { addJobsProof } from './commands/jobs-proof.ts';
import { addJobsShow } from './commands/jobs-show.ts';
import { addJobsWatch } from './commands/jobs-watch.ts';
import { addLanes } from './commands/lanes.ts';
import { addParamsDev } from './commands/params-dev.ts';
import { addParamsFetch } from './commands/params-fetch.ts';
import { addParamsList } from './commands/params-list.ts';
import { addProve } from './commands/prove.ts';
import { addProxy } from './commands/proxy.ts';
import { addPush } from './commands/push.ts';
import { addTenants } from './commands/tenants.ts';
import { addUsage } from './commands/usage.ts';
import { addVerify } from './commands/verify.ts';
import { EXIT_CODES_HELP } from './error.ts';

/** @returns the parser. It throws CommanderError once it has printed the reason or the help. */
export function program(): Command {
  const nightshift = new Command('nightshift')
    .description('Proving without servers for the Midnight network.')
    .version(VERSION)
    .addHelpText('afterAll', EXIT_CODES_HELP)
    .showHelpAfterError('nightshift help lists commands and options.')
    .exitOverride();
  for (const add of [addPush, addProve, addCheck, addVerify, addEstimate, addUsage, addDoctor, addProxy])
    add(nightshift);
  const jobs = nightshift.command('jobs').description('the jobs that were submitted');
  for (const add of [addJobsList, addJobsShow, addJobsWatch, addJobsProof, addJobsCancel]) add(jobs);
  const params = nightshift.command('params').description('public parameters');
  for (const add of [addParamsList, addParamsFetch, addParamsDev]) add(params);
  for (const add of [addTenants, addApiKeys, addLanes, addDeadLetters]) add(nightshift);
  return nightshift;
}

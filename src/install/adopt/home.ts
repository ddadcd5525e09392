import { readTableText } from '../../crontab/block.ts';
import { environmentAbove } from '../../crontab/foreign.ts';
import { parseTarget, targetLabel } from '../../crontab/target.ts';
import { ownAccount } from '../../job/account.ts';
import type { JobName } from '../../job/job.ts';
import { hostZone } from '../../schedule/zone/zone.ts';
import { latestRevision } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';
import { tableOf } from '../place.ts';
import type { Home } from './source.ts';

/**
 * Where a project is installed, or is to be.
 * @param asked what `--target` names, if anything.
 * @throws UserError for no target, and for a table that cannot be read.
 */
export async function homeOf(store: Store | undefined, project: JobName, asked: string | undefined): Promise<Home> {
  const installed = store && latestRevision(store, project)?.settings.target;
  const target = parseTarget(asked ?? installed ?? 'user', project);
  const label = targetLabel(target);
  const text = readTableText(await tableOf(label).read());
  const name = target.kind === 'file' ? target.path : label;
  return {
    table: name,
    target: target.kind === 'cron.d' ? 'user' : label,
    account: target.kind === 'user-of' ? target.user : ownAccount().user,
    outer: environmentAbove(text, project).map((variable) => variable.name),
    zone: hostZone().name,
  };
}

import { blockLines, readTableText } from '../../crontab/block.ts';
import { drifts } from '../../crontab/drift.ts';
import { probeLauncher } from '../../crontab/launcher.ts';
import { lineCommand, tickLine } from '../../crontab/line.ts';
import { errorMessage } from '../../errors.ts';
import { rendered, tableOf } from '../../install/prepare.ts';
import { installedJobs, type Revision } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';
import { bad, fine, type HealthFinding } from './finding.ts';

/** Whether a project's block in its table is as it was installed. */
export async function tableAsInstalled(store: Store, { project, settings }: Revision): Promise<HealthFinding> {
  const { target, launcher } = settings;
  try {
    const text = readTableText(await tableOf(target).read());
    const jobs = installedJobs(store, project).map(({ job }) => job);
    const lines = rendered(jobs, launcher).flatMap((one) => one.lines);
    const found = drifts(lines, blockLines(text, project) ?? []);
    const tick = lines.length === 0 ? [] : drifts([tickLine(launcher)], blockLines(text, undefined) ?? []);
    const differing = found.length + tick.length;
    if (differing === 0) return fine('table', `${project} stands in the table ${target} as it was installed`);
    const message = `${project} differs in ${differing} lines of the table ${target} from what was installed`;
    return bad('table', message, 'cronwright plan shows the lines, cronwright sync puts them right');
  } catch (error) {
    return bad('table', `the table ${target} cannot be compared: ${errorMessage(error)}`, 'cronwright sync');
  }
}

/** Whether cron can start the launcher that stands in the lines. */
export async function startableLauncher({ settings: { launcher } }: Revision): Promise<HealthFinding> {
  const result = await probeLauncher(lineCommand(launcher, ['run', '--probe']));
  if (result.ok) return fine('launcher', `cron can start ${launcher.path}`);
  return bad('launcher', result.problem, 'see that a Node.js 22.18 or later is where cron finds it');
}

import { blockLines, readTableText } from '../../crontab/block.ts';
import { drifts } from '../../crontab/drift.ts';
import type { Host } from '../../crontab/fields.ts';
import { type Launcher, tickLine } from '../../crontab/line.ts';
import { errorMessage } from '../../errors.ts';
import { asInstalled } from '../../install/lines.ts';
import { tableOf } from '../../install/prepare.ts';
import { probeLines } from '../../install/probe.ts';
import type { Revision } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';
import { bad, fine, type HealthFinding } from './finding.ts';

/** What a table is compared by. */
export interface Compared {
  /** The newest revision of every project. */
  readonly all: readonly Revision[];
  readonly host: Host;
}

/** Whether a project's block in its table is as it was installed, and the tick's, which is that of any project there. */
export async function tableAsInstalled(
  store: Store,
  revision: Revision,
  { all, host }: Compared,
): Promise<HealthFinding> {
  const { project, settings } = revision;
  const { target } = settings;
  try {
    const text = readTableText(await tableOf(target).read());
    const lines = asInstalled(store, revision, host).flatMap((one) => one.lines);
    const found = drifts(lines, blockLines(text, project) ?? []);
    const ticks = all.filter((one) => one.settings.target === target).map((one) => one.settings.launcher);
    const ticking = lines.length === 0 || ticks.some((one) => isTickLine(one, blockLines(text, undefined)));
    const differing = found.length + (ticking ? 0 : 1);
    if (differing === 0) return fine('table', `${project} stands in the table ${target} as it was installed`);
    const message = `${project} is not in the table ${target} as it was installed; lines that differ: ${differing}`;
    return bad('table', message, 'cronwright plan shows the lines, cronwright sync puts them right');
  } catch (error) {
    return bad('table', `the table ${target} cannot be compared: ${errorMessage(error)}`, 'cronwright sync');
  }
}

function isTickLine(launcher: Launcher, found: readonly string[] = []): boolean {
  return drifts([tickLine(launcher)], found).length === 0;
}

/** Whether cron can start the launcher that stands in the lines. */
export async function startableLauncher({ project, settings }: Revision): Promise<HealthFinding> {
  const { launcher, target } = settings;
  try {
    const result = await probeLines(launcher, await tableOf(target).read(), project);
    if (result.ok) return fine('launcher', `cron can start ${launcher.path}`);
    return bad('launcher', result.problem, 'see that a Node.js 22.18 or later is where cron finds it');
  } catch (error) {
    const message = `whether cron can start ${launcher.path} cannot be found out: ${errorMessage(error)}`;
    return { check: 'launcher', state: 'unknown', message, remedy: 'see to the table first' };
  }
}

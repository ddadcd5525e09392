import { readTableText } from '../crontab/block.ts';
import { environmentAbove } from '../crontab/foreign.ts';
import { type Probe, probeLauncher } from '../crontab/launcher.ts';
import { type Launcher, lineCommand } from '../crontab/line.ts';
import type { JobName } from '../job/job.ts';

/**
 * Starts what stands in a project's lines once as cron will, under the environment lines that are in force there: a line
 * that cannot start would fail at night, and silently.
 */
export async function probeLines(launcher: Launcher, table: Buffer, project: JobName): Promise<Probe> {
  const above = environmentAbove(readTableText(table), project);
  const environment = Object.fromEntries(above.map(({ name, value }) => [name, value]));
  return probeLauncher(lineCommand(launcher, ['run', '--probe']), { environment });
}

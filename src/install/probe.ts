import { type Probe, probeLauncher } from '../crontab/launcher.ts';
import { type Launcher, lineCommand } from '../crontab/line.ts';
import type { JobName } from '../job/job.ts';
import { variablesAbove } from './cron-environment.ts';

/**
 * Starts what stands in a project's lines once as cron will, under the environment lines that are in force there: a line
 * that cannot start would fail at night, and silently.
 */
export async function probeLines(launcher: Launcher, table: Buffer, project: JobName): Promise<Probe> {
  const environment = variablesAbove(table, project);
  return probeLauncher(lineCommand(launcher, ['run', '--probe']), { environment });
}

import type { Cron } from '../../crontab/cron/cron.ts';
import { describeCron } from '../../crontab/cron/describe.ts';
import type { Table } from '../../crontab/table.ts';
import { errorMessage, UserError } from '../../errors.ts';
import { bad, fine, type HealthFinding } from './finding.ts';

/** Whether the crontab program is there and lets this user read the table. */
export async function crontabProgram(table: Table, cron: Cron | undefined): Promise<HealthFinding> {
  try {
    await table.read();
    const which = cron === undefined ? 'which does not say whose it is' : `that of ${cron.title}`;
    return fine('crontab', `the crontab program answers, ${which}`);
  } catch (error) {
    const usual = 'install cron, or run the jobs with cronwright start';
    return bad('crontab', errorMessage(error), (error instanceof UserError && error.hint) || usual);
  }
}

/** What the cron of this host can and cannot do, one finding for each sentence. */
export function abilities(cron: Cron | undefined): readonly HealthFinding[] {
  return cron === undefined ? [] : describeCron(cron).map((sentence) => fine('cron', sentence));
}

import { refusalBy } from '../crontab/cron/check-table.ts';
import { crons } from '../crontab/cron/crons.ts';
import { breachesOf, type TableBreach } from '../crontab/cron/limits.ts';
import { recogniseCron } from '../crontab/cron/recognise.ts';
import { UserError } from '../errors.ts';
import { asRoot } from './acting.ts';
import type { TableChange } from './table-change.ts';

/** So many are named; the rest is counted. */
const mostNamed = 10;

/**
 * Sees that the cron here would take a table as it is to be, before anything is written. A file is judged by Debian's
 * rules where no cron is known.
 * @throws UserError with everything that it would not take.
 */
export async function checkAcceptable({ table, target, next }: Omit<TableChange, 'before'>): Promise<void> {
  const known = await recogniseCron();
  const cron = known ?? crons.debian;
  const root = process.geteuid?.() === 0 && /^(?:user|cron\.d:.*)$/.test(target);
  const breaches = breachesOf(next, cron, { system: table.system, root });
  if (breaches.length > 0) throw refusal(`${cron.title} would not take the table of target ${target}`, breaches);
  if (known === undefined || target.startsWith('file:')) return;
  const refused = await refusalBy(known, next, { system: table.system, rights: asRoot });
  if (refused === undefined) return;
  throw new UserError(
    `${cron.title} would not take the table of target ${target}: ${refused.problem} (${refused.asked}); nothing was written`,
    'put right what it names; lines of others can be looked at with crontab -l',
  );
}

function refusal(subject: string, breaches: readonly TableBreach[]): UserError {
  const named = breaches.slice(0, mostNamed).map(({ line, message }) => {
    return line === null ? message : `line ${line}: ${message}`;
  });
  const rest = breaches.length > mostNamed ? [`and ${breaches.length - mostNamed} more`] : [];
  const remedies = [...new Set(breaches.map(({ remedy }) => remedy))].slice(0, 3).join('; ');
  return new UserError(`${subject}; nothing was written: ${[...named, ...rest].join('; ')}`, remedies);
}

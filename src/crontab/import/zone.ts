import type { Cron } from '../cron/cron.ts';
import type { Obstacle } from './obstacle.ts';
import type { Variables } from './surroundings.ts';

/** On whose clock an entry is read. */
export interface ImportedZone {
  /** Empty for the host's. */
  readonly timezone: string;
  readonly notes: readonly string[];
}

const zoneName = /^[A-Za-z][\w+/-]{0,63}$/;

/** What CRON_TZ and RANDOM_DELAY mean to a cron: crontab(5) of cronie. To Debian's they are variables like others. */
export function zoneOf(variables: Variables, cron: Cron): ImportedZone | Obstacle {
  const zone = variables.get('CRON_TZ');
  const notes = delayNotes(variables, cron);
  if (zone === undefined || zone === '') return { timezone: '', notes };
  if (!cron.zoned) return { timezone: '', notes: [...notes, unheeded(zone, cron)] };
  if (zoneName.test(zone)) return { timezone: zone, notes };
  return { obstacle: `its zone ${JSON.stringify(zone)} has no name such as Europe/Berlin`, remedy: 'name the zone' };
}

function unheeded(zone: string, { title }: Cron): string {
  return `${title} does not heed CRON_TZ=${zone}, and so the job goes by the clock of the host; timezone: ${zone} would move it`;
}

function delayNotes(variables: Variables, { name }: Cron): readonly string[] {
  const delay = variables.get('RANDOM_DELAY');
  if (name !== 'cronie' || delay === undefined || !/[1-9]/.test(delay)) return [];
  return [`cronie delays it by up to ${delay} minutes; write jitter: {delay: ${delay}m} to keep that`];
}

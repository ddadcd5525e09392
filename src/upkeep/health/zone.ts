import { readFileSync } from 'node:fs';
import { readTableText } from '../../crontab/block.ts';
import { comingYears, isSameClock } from '../../crontab/cover/zone-spans.ts';
import { environmentAbove } from '../../crontab/foreign.ts';
import { UserError } from '../../errors.ts';
import { tableOf } from '../../install/place.ts';
import { namedZone, type Zone } from '../../schedule/zone/zone.ts';
import { hostZoneName } from '../../schedule/zone/zone-file.ts';
import type { Revision } from '../../store/registry.ts';
import { daemonFolders } from './daemon.ts';
import { bad, doubtful, fine, type HealthFinding } from './finding.ts';
import type { Compared } from './table.ts';

/**
 * Whether the lines were made for the clock that cron goes by.
 * @param proc the file system of processes; undefined where no daemon is asked.
 */
export async function clockOfLines(
  { all, host: { zone, at } }: Compared,
  proc: string | undefined,
): Promise<readonly HealthFinding[]> {
  const found = [
    ...all.flatMap((revision) => sinceSync(revision, zone)),
    ...(proc === undefined ? [] : clockOfDaemons(zone, at, proc)),
    ...(await Promise.all(all.map(zoneLines))).flat(),
  ];
  return found.length > 0 ? found : [fine('zone', `the lines are for the time zone of the host, ${zone.name}`)];
}

function sinceSync({ project, settings: { hostZone } }: Revision, { name }: Zone): readonly HealthFinding[] {
  if (hostZone === undefined || hostZone === name) return [];
  const message = `${project} was installed on a host in ${hostZone}, which is in ${name} now`;
  return [bad('zone', message, 'cronwright sync makes its lines for the zone that the host has now')];
}

/** A daemon goes by the TZ that it was started with, whatever the zone of the host. */
export function clockOfDaemons(host: Zone, at: number, proc: string): readonly HealthFinding[] {
  const names = new Set(daemonFolders(proc).flatMap(zoneOfDaemon));
  const others = [...names].filter((name) => !showsSameTime(name, host, at));
  return others.map((name) => {
    const message = `cron goes by the clock of ${name}, and here it is that of ${host.name}`;
    return bad('zone', message, 'start cron without TZ, and cronwright as well; then cronwright sync');
  });
}

/** By its name, or as TZ has it; none where its environment cannot be read. */
function zoneOfDaemon(folder: string): readonly string[] {
  try {
    const variables = readFileSync(`${folder}/environ`, 'latin1').split('\0');
    const text = variables
      .find((one) => one.startsWith('TZ='))
      ?.slice('TZ='.length)
      .replace(/^:/, '');
    return [hostZoneName({ text, path: text ?? '/etc/localtime', sign: '' }) ?? []].flat();
  } catch {
    return [];
  }
}

function showsSameTime(name: string, host: Zone, at: number): boolean {
  if (name === host.name) return true;
  try {
    return isSameClock(namedZone(name || 'UTC'), host, comingYears(at));
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** Environment lines hold for all that stands below them. */
async function zoneLines({ project, settings: { target } }: Revision): Promise<readonly HealthFinding[]> {
  try {
    const above = environmentAbove(readTableText(await tableOf(target).read()), project);
    return above
      .filter(({ name }) => zoneEffects[name] !== undefined)
      .map(({ name, value, line }) => {
        const message = `line ${line} of the table ${target} sets ${name}=${value} for ${project} as well; ${zoneEffects[name]}`;
        return doubtful('zone', message, `move it below the block of ${project}; a job has timezone: for its own zone`);
      });
  } catch (error) {
    // The check of the table tells of one that cannot be read.
    if (error instanceof UserError) return [];
    throw error;
  }
}

const zoneEffects: Readonly<Record<string, string>> = {
  CRON_TZ: 'some crons read its lines by that clock, for which they were not made',
  TZ: 'its jobs take that for the zone of the host, and some crons read its lines by it',
};

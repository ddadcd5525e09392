import { blockLines, readTableText } from '../../crontab/block.ts';
import { drifts } from '../../crontab/drift.ts';
import { jobLines } from '../../crontab/line.ts';
import { exitStatus, UserError } from '../../errors.ts';
import { tableOf } from '../../install/prepare.ts';
import { probeLines } from '../../install/probe.ts';
import type { Zone } from '../../schedule/zone/zone.ts';
import type { ProjectSettings } from '../../store/registry.ts';
import type { Version } from '../../store/versions.ts';
import { cronDaemon } from '../health/cron.ts';
import { clockOfDaemons } from '../health/zone.ts';
import { type Reason, reason } from './reason.ts';
import { refusalOf } from './refused-table.ts';

/** What is asked what stands in its way. */
export interface Standing {
  readonly version: Version;
  /** What the newest revision says of the project. */
  readonly settings: ProjectSettings;
  readonly host: Zone;
  readonly now: number;
}

/** What keeps cron from starting a job now, the strongest first. It looks at the table, at cron and at the launcher. */
export async function obstaclesOf(standing: Standing): Promise<readonly Reason[]> {
  const { settings, host, now } = standing;
  const isUsers = settings.target === 'user';
  const daemon = isUsers ? daemonReason() : [];
  try {
    const table = await tableOf(settings.target).read();
    return [
      ...daemon,
      ...(isUsers ? await refusedReason(table) : []),
      ...lineReasons(standing, table),
      ...(await launcherReason(standing, table)),
      ...zoneReasons(standing),
      ...(isUsers
        ? clockOfDaemons(host, now, '/proc').map(({ message, remedy }) =>
            reason('host-zone-changed', sentence(message), { remedy }),
          )
        : []),
    ];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [...daemon, unreadable(error, settings.target)];
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function unreadable({ message, hint, exit }: UserError, target: string): Reason {
  if (exit !== exitStatus.denied) {
    return reason('table-unreadable', `The table ${target} cannot be read: ${message}.`, {
      remedy: hint ?? 'cronwright plan',
    });
  }
  const text = 'The crontab program does not let this user have a table, so its line can neither be seen nor put right';
  return reason('cron-denied', `${text}.`, {
    evidence: [message],
    remedy: hint ?? 'see /etc/cron.allow and /etc/cron.deny',
  });
}

function daemonReason(): readonly Reason[] {
  const { state, message, remedy } = cronDaemon();
  return state === 'problem'
    ? [reason('daemon-not-running', sentence(message), { evidence: ['/proc has no such process'], remedy })]
    : [];
}

async function refusedReason(table: Buffer): Promise<readonly Reason[]> {
  const refusal = await refusalOf(table);
  if (refusal === undefined) return [];
  return [
    reason('table-refused', `Cron refuses the whole table, so nothing in it runs: ${refusal.problem}.`, {
      evidence: refusal.evidence,
      remedy: 'mend it with crontab -e',
    }),
  ];
}

function lineReasons({ version, settings, host, now }: Standing, table: Buffer): readonly Reason[] {
  const { job, lines = jobLines(job, settings.launcher, host, now) } = version;
  const found = blockLines(readTableText(table), job.project);
  const remedy = 'cronwright plan shows what differs, cronwright sync puts it right';
  if (found === undefined && lines.length > 0) {
    const message = `Its line is not in the table ${settings.target}: the whole block of ${job.project} is gone.`;
    return [reason('line-absent', message, { evidence: lines.map((line) => `expected: ${line}`), remedy })];
  }
  return drifts(lines, found ?? []).flatMap(({ kind, job: whose, wanted, found: instead }) => {
    if (kind === 'added' || (whose !== null && whose !== job.id)) return [];
    const expected = `expected: ${wanted}`;
    if (kind === 'edited') {
      return [
        reason('line-edited', 'Its line in the crontab was edited.', {
          evidence: [expected, `found: ${instead}`],
          remedy,
        }),
      ];
    }
    return [
      reason('line-absent', `Its line is not in the table ${settings.target}.`, { evidence: [expected], remedy }),
    ];
  });
}

async function launcherReason({ settings, version }: Standing, table: Buffer): Promise<readonly Reason[]> {
  const probe = await probeLines(settings.launcher, table, version.job.project);
  if (probe.ok) return [];
  return [
    reason('launcher-not-startable', `Cron cannot start cronwright: ${probe.problem}.`, {
      evidence: ['it was tried just now in the environment of cron'],
      remedy: 'see that the program is there and executable, and a Node.js 22.18 or later where cron finds it',
    }),
  ];
}

function zoneReasons({ settings: { hostZone }, host }: Standing): readonly Reason[] {
  if (hostZone === undefined || hostZone === host.name) return [];
  const message = `The time zone of the host is ${host.name} now, and the lines were made for ${hostZone}: cron starts them at other times.`;
  return [
    reason('host-zone-changed', message, {
      evidence: ['the tick starts what is due meanwhile, as long as it comes'],
      remedy: 'cronwright sync makes the lines for the zone that the host has now',
    }),
  ];
}

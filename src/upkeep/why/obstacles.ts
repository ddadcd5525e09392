import { readTableText } from '../../crontab/block.ts';
import type { Drift } from '../../crontab/drift.ts';
import { jobLines, tickLine } from '../../crontab/line.ts';
import { driftOf } from '../../crontab/survey.ts';
import { exitStatus, UserError } from '../../errors.ts';
import { tableOf } from '../../install/place.ts';
import { probeLines } from '../../install/probe.ts';
import type { JobId } from '../../job/job.ts';
import type { Zone } from '../../schedule/zone/zone.ts';
import type { ProjectSettings } from '../../store/registry.ts';
import type { Version } from '../../store/versions.ts';
import { cronDaemon } from '../health/daemon.ts';
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
  const { launcher, target } = settings;
  const { job, lines = jobLines(job, launcher, { zone: host, at: now }) } = version;
  const drift = driftOf(readTableText(table), { project: job.project, lines, tick: tickLine(launcher) });
  if (drift.some(({ kind }) => kind === 'block-gone')) {
    const message = `Its line is not in the table ${target}: the whole block of ${job.project} is gone.`;
    return [reason('line-absent', message, { evidence: lines.map((line) => `expected: ${line}`), remedy: putRight })];
  }
  return drift.filter((one) => one.job === job.id).flatMap((one) => lineReason(one, target));
}

const putRight = 'cronwright drift shows what differs, cronwright sync puts it right';

/** What was only moved, or stands there twice, cron starts all the same. */
function lineReason({ kind, job, wanted, found }: Drift, target: string): readonly Reason[] {
  const evidence = [`expected: ${wanted}`, ...(found === null ? [] : [`found: ${found}`])];
  const remedy = kind === 'commented-out' && job !== null ? `${putRight}; ${pauses(job)}` : putRight;
  if (kind === 'deleted')
    return [reason('line-absent', `Its line is not in the table ${target}.`, { evidence, remedy })];
  if (kind === 'edited') return [reason('line-edited', 'Its line in the crontab was edited.', { evidence, remedy })];
  if (kind !== 'commented-out') return [];
  return [reason('line-edited', 'Its line in the crontab was commented out.', { evidence, remedy })];
}

function pauses(job: JobId): string {
  return `cronwright pause ${job} is what holds a job back`;
}

async function launcherReason({ settings, version }: Standing, table: Buffer): Promise<readonly Reason[]> {
  const probe = await probeLines(settings.launcher, { target: settings.target, bytes: table }, version.job.project);
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

import { exitStatus, UserError } from '../errors.ts';
import { longestDuration, parseDuration } from '../job/duration.ts';
import { comingTime } from '../schedule/coming-time.ts';
import { hostZone } from '../schedule/zone/zone.ts';
import { pauseTargets } from '../store/pause-target.ts';
import { holds, type Paused, pause as pauseOne, pausesInForce } from '../store/pauses.ts';
import { installedJobs } from '../store/registry.ts';
import { openRuns } from '../store/runs.ts';
import { type Store, together } from '../store/store.ts';
import { pausedNow } from '../terminal/human/pauses.ts';
import { count } from '../terminal/page.ts';
import { pauseView } from '../terminal/pause-view.ts';
import type { NewPauseView } from '../terminal/views.ts';
import { type Command, jsonOption } from './command.ts';
import { localTime, namedJob, type Options, text, voiceOf, withStore } from './context.ts';

export const pause: Command = {
  name: 'pause',
  summary: 'hold jobs back until they are resumed',
  description: `Hold jobs back: cron starts them no more, and what they miss is recorded as
skipped and not made up for. A run that goes on or waits is not ended, its
retries are made, and cronwright run starts a job all the same. Without --for or
--until the pause has no end, and every list says so. What is paused already
gets the new reason and end.`,
  operands: [['[job...]', 'their full names; a bare one where only one project has it']],
  options: [
    ['--label <label>', 'every job with this label, also one that gets it later'],
    ['--all', 'every job'],
    ['--reason <text>', 'why, for those who wonder'],
    ['--for <time>', 'for so long, such as 2h or 3d'],
    ['--until <time>', 'until a time of day, such as 18:00, a date, or both'],
    jsonOption,
  ],
  exits: [
    ['0', 'they are paused'],
    ['2', 'it could not be done: no such job or label, or a time that has passed'],
  ],
  examples: [
    'cronwright pause shop/backup --for 2h --reason "new disks"',
    'cronwright pause --label nightly --until 18:00',
    'cronwright pause --all',
  ],
  run: (context, jobs, options) =>
    withStore(context, options, (store) => {
      const at = context.clock.now();
      const named = {
        jobs: jobs.flatMap((name) => name ?? []),
        label: text(options, 'label'),
        all: options.all === true,
      };
      const known = { jobNamed: (name: string) => namedJob(store, name).job.id, paused: pausesInForce(store, at) };
      const targets = pauseTargets(store, named, known);
      const reason = (text(options, 'reason') ?? '').trim().replace(/\s+/g, ' ');
      const asked = { reason, by: context.user, at, until: wantedEnd(options, at) };
      const rows = together(store, () => targets.map((target) => pauseTarget(store, { ...target, ...asked })));
      const voice = voiceOf(context, options);
      voice.show(rows, pausedNow);
      for (const words of goingOn(store, targets)) voice.remark(words);
      return exitStatus.done;
    }),
};

function pauseTarget(store: Store, asked: Parameters<typeof pauseOne>[1]): NewPauseView {
  const { now, before } = pauseOne(store, asked);
  return { ...pauseView(now, localTime), before: before ? pauseView(before, localTime) : null };
}

function wantedEnd(options: Options, now: number): number | null {
  const [length, time] = [text(options, 'for'), text(options, 'until')];
  if (length !== undefined && time !== undefined) {
    throw new UserError('found both --for and --until, expected one of them', 'cronwright pause --help');
  }
  if (length !== undefined) return now + wantedLength(length);
  return time === undefined ? null : wantedTime(time, now);
}

function wantedLength(wanted: string): number {
  const length = parseDuration(wanted) ?? 0;
  if (length > 0 && length <= longestDuration) return length;
  throw new UserError(`found --for ${wanted}, expected a time such as 2h or 3d, at most 366d`, 'or --until a date');
}

function wantedTime(wanted: string, now: number): number {
  const time = comingTime(wanted, hostZone(), now);
  if (time === undefined) {
    throw new UserError(`found --until ${wanted}, expected a time such as 18:00, 2026-12-24 or 2026-12-24T08:00`);
  }
  if (time > now) return time;
  throw new UserError(`found --until ${wanted}, which has passed`, 'name a time to come, or --for 2h');
}

/** Whoever pauses a job may think that it stands still now. */
function goingOn(store: Store, targets: readonly Paused[]): readonly string[] {
  const jobs = installedJobs(store).filter(({ job }) => targets.some((target) => holds(target, job)));
  const ids = new Set(jobs.map(({ job }) => job.id));
  const open = openRuns(store).filter(({ job }) => ids.has(job));
  const [first] = open;
  if (first === undefined) return [];
  const one = `${first.job} is ${first.state}, and goes on; cronwright cancel ${first.run} ends it`;
  return [open.length === 1 ? one : `${count(open.length, 'run')} go on; cronwright list shows them`];
}

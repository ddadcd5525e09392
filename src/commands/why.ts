import { exitStatus, UserError } from '../errors.ts';
import { type JobId, jobId } from '../job/job.ts';
import { loadJobs } from '../job/load.ts';
import { formatInstant } from '../schedule/instant.ts';
import type { Zone } from '../schedule/zone/zone.ts';
import { findInstalled } from '../store/registry.ts';
import type { Store } from '../store/store.ts';
import { StoreTrouble } from '../store/trouble.ts';
import { everInstalled, versionsOf } from '../store/versions.ts';
import { why as drawWhy } from '../terminal/human/why.ts';
import type { WhyView } from '../terminal/views.ts';
import { type Asked, instantOf, readAsked } from '../upkeep/why/asked.ts';
import { collect, collectWithoutDatabase, zoneOfJob } from '../upkeep/why/collect.ts';
import { currentVersion, type Evidence, versionAt } from '../upkeep/why/evidence.ts';
import { type Answer, judge } from '../upkeep/why/judge.ts';
import { neighboursOf } from '../upkeep/why/unscheduled.ts';
import { type Command, jsonOption } from './command.ts';
import { type Context, jobsFilePath, namedJob, type Options, stateOf, text, voiceOf, withStore } from './context.ts';

export const why: Command = {
  name: 'why',
  summary: 'say why a job runs or not, now or at a time',
  description: `Say why a job ran or did not run, and by what that is known: at a minute, or
on a day, each of its times. Without --at, how things stand: what goes on, what
is in its way, and when it is due.`,
  operands: [['<job>', 'its full name; the bare one where only one project has it']],
  options: [
    ['--at <time>', 'a minute or a day, on the clock of the job: 02:30, "yesterday 02:30", 2026-12-24'],
    jsonOption,
  ],
  exits: [
    ['0', 'here is the answer'],
    ['2', 'there is no such job, or the time cannot be read'],
  ],
  examples: [
    'cronwright why shop/backup',
    'cronwright why shop/backup --at "yesterday 02:30"',
    'cronwright why shop/backup --at 2026-12-24',
  ],
  async run(context, [name = ''], options) {
    const { evidence, asked } = await found(context, options, name);
    const view = whyView(evidence, asked, judge(evidence, asked));
    voiceOf(context, options).show(view, drawWhy);
    return exitStatus.done;
  },
};

interface Found {
  readonly evidence: Evidence;
  readonly asked: Asked;
}

async function found(context: Context, options: Options, name: string): Promise<Found> {
  try {
    return await withStore(context, options, async (store) => {
      const id = everKnown(context, options, { store, name });
      const asked = wanted(options, zoneOfJob(versionsOf(store, id)), context.clock.now());
      return { evidence: await collect(store, context.clock, id, asked), asked };
    });
  } catch (error) {
    const id = jobId(name);
    if (!(error instanceof StoreTrouble) || id === undefined) throw error;
    return withoutDatabase(context, options, { id, trouble: error });
  }
}

interface Unrecorded {
  readonly id: JobId;
  readonly trouble: StoreTrouble;
}

/** What cannot be looked up can be told in part. */
async function withoutDatabase(context: Context, options: Options, { id, trouble }: Unrecorded): Promise<Found> {
  const evidence = await collectWithoutDatabase(stateOf(context, options), context.clock, id, trouble);
  if (evidence.versions.length === 0) throw trouble;
  return { evidence, asked: wanted(options, evidence.zone, context.clock.now()) };
}

function wanted(options: Options, zone: Zone, now: number): Asked {
  const at = text(options, 'at');
  return at === undefined ? { kind: 'now' } : readAsked(at, zone, now);
}

interface Named {
  readonly store: Store;
  readonly name: string;
}

/**
 * The job that a person names: one that is installed, else one that was, else one that the jobs file has.
 * @throws UserError with the nearest name where there is none.
 */
function everKnown(context: Context, options: Options, { store, name }: Named): JobId {
  if (findInstalled(store, name).length > 0) return namedJob(store, name).job.id;
  const [id, ...others] = everInstalled(store, name);
  if (id !== undefined && others.length === 0) return id;
  if (id !== undefined) {
    throw new UserError(
      `${name} is the name of several jobs that were installed: ${[id, ...others].join(', ')}`,
      'name the job with its project',
    );
  }
  return inJobsFile(context, options, name) ?? namedJob(store, name).job.id;
}

function inJobsFile(context: Context, options: Options, name: string): JobId | undefined {
  try {
    const { project } = loadJobs(jobsFilePath(context, options));
    return project?.jobs.find((job) => job.id === name || job.name === name)?.id;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function whyView(evidence: Evidence, asked: Asked, { reasons, parts }: Answer): WhyView {
  const { zone, now, job } = evidence;
  const format = (instant: number) => formatInstant(instant, zone);
  const at = instantOf(asked, zone, now);
  const version = versionAt(evidence, at) ?? currentVersion(evidence);
  const end = asked.kind === 'day' ? asked.until : at;
  return {
    job,
    revision: version?.since.revision ?? null,
    timezone: zone.name,
    about: asked.kind,
    asked: askedText(asked, format),
    at: asked.kind === 'minute' && asked.instants.length === 0 ? null : format(at),
    reasons: reasons.map((one) => ({ ...one, slot: one.slot === null ? null : format(one.slot) })),
    slots: parts.map(({ from, until, count, ...rest }) => ({
      from: format(from),
      until: format(until),
      count,
      ...rest,
    })),
    previous: version ? formatted(neighboursOf(evidence, version, at).previous, format) : null,
    next: version ? formatted(neighboursOf(evidence, version, end + 1).next, format) : null,
  };
}

function formatted(instant: number | undefined, format: (instant: number) => string): string | null {
  return instant === undefined ? null : format(instant);
}

function askedText(asked: Asked, format: (instant: number) => string): string | null {
  if (asked.kind === 'now') return null;
  if (asked.kind === 'day') return asked.date;
  return asked.wall ?? format(asked.instants[0] ?? 0);
}

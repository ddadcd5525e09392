import { resolve } from 'node:path';
import type { Plan } from '../crontab/plan.ts';
import { exitStatus } from '../errors.ts';
import { readActing } from '../install/acting.ts';
import { type Installed, type InstallRequest, installProject } from '../install/install.ts';
import { checkSaved, readPlan, type SavedPlan } from '../install/plan-file.ts';
import { unchangedPlan } from '../install/unchanged.ts';
import { noteTarget, usualTarget } from '../install/usual-target.ts';
import { readTimetable } from '../schedule/timetable.ts';
import { plan as drawPlan, synced, syncedAsAgreed } from '../terminal/human/plan.ts';
import { validation } from '../terminal/human/problems.ts';
import { planView } from '../terminal/plan-view.ts';
import type { Voice } from '../terminal/voice.ts';
import { type Command, jsonOption, yesOption } from './command.ts';
import {
  type Context,
  jobsFilePath,
  type Options,
  showOnError,
  stateOf,
  targetOption,
  text,
  voiceOf,
} from './context.ts';

export const sync: Command = {
  name: 'sync',
  summary: 'install the jobs of the file into the crontab',
  description:
    'Check the file, store its jobs and write the crontab. Lines of others stay as they are. Before it removes jobs, puts back lines that somebody changed in the table, or takes lines of others out, it asks; where nobody is there to answer, it needs --yes.',
  operands: [['[plan]', 'a plan that was saved with plan --out: exactly that is done, or nothing']],
  options: [targetOption, yesOption, jsonOption],
  exits: [
    ['0', 'the jobs are installed, or were already'],
    ['1', 'the file is not valid, or the answer was no; nothing was changed'],
    ['2', 'a table cannot be read or written, cron cannot start the jobs, or --yes is needed; nothing was changed'],
  ],
  examples: ['cronwright sync', 'cronwright sync --yes', 'cronwright sync tonight.plan'],
  async run(context, [file], options) {
    const saved = file === undefined ? undefined : readPlan(file);
    const path = jobsFileOf(context, options, saved);
    const voice = voiceOf(context, options);
    const own = stateOf(context, options);
    const wanted = text(options, 'target') ?? saved?.target ?? usualTarget(own, path);
    const unchanged = saved === undefined ? await unchangedSince(context, options, { file: path, wanted }) : undefined;
    if (unchanged !== undefined) return done(voice, unchanged);
    const named = { target: wanted, environment: context.environment };
    const { found, acting } = readActing(path, () => readTimetable(path), named);
    const { project, count, problems, sources } = found;
    if (!project) {
      voice.show({ valid: false, jobs: count, problems }, validation);
      return exitStatus.no;
    }
    const { target, environment } = acting();
    const asked = { ...context, environment };
    const request = requestOf(asked, options, { saved, state: stateOf(asked, options) });
    const installed = await installProject({ project, target, sources, ...request });
    if (installed.kind === 'declined') return declined(context);
    if (own !== request.state || !wanted?.startsWith('user:')) noteTarget(own, path, wanted);
    return report(context, voice, installed);
  },
};

function jobsFileOf(context: Context, options: Options, saved: SavedPlan | undefined): string {
  return text(options, 'file') ?? saved?.file ?? jobsFilePath(context, options);
}

/** What is asked for, apart from the project and where. */
function requestOf(
  context: Context,
  options: Options,
  { saved, state }: { readonly saved: SavedPlan | undefined; readonly state: string },
): Omit<InstallRequest, 'project' | 'target' | 'sources'> {
  const { launcher, version, environment, clock, user: by, ask } = context;
  return {
    ...{ launcher, version, environment, clock, by, state },
    consent: {
      yes: options.yes === true || saved !== undefined,
      ask,
      preview: 'cronwright plan',
      show: (plan) => showOnError(context, planView(plan), drawPlan),
    },
    check: saved && ((prepared) => checkSaved(saved, prepared, state)),
  };
}

function report({ out, err }: Context, voice: Voice, { kind, prepared: { plan }, asked, problem }: Installed): number {
  if (kind === 'nothing') done(voice, plan);
  else {
    voice.show({ ...planView(plan), applied: true }, asked && out.isTerminal ? syncedAsAgreed : synced);
    voice.remark(`installed as revision ${plan.revision}`);
  }
  if (problem !== undefined) err.write(`warning: ${problem}\n`);
  return exitStatus.done;
}

/** Nothing was to be done. */
function done(voice: Voice, plan: Plan): number {
  voice.show({ ...planView(plan), applied: false }, synced);
  voice.remark('nothing to do: everything is installed as it is');
  return exitStatus.done;
}

/** Root reads a jobs file before it acts as another account, which perhaps may not. */
async function unchangedSince(
  context: Context,
  options: Options,
  { file, wanted: target }: { readonly file: string; readonly wanted: string | undefined },
): Promise<Plan | undefined> {
  if (target?.startsWith('user:')) return undefined;
  const { launcher, version, clock } = context;
  return unchangedPlan({ file: resolve(file), target, state: stateOf(context, options), launcher, version, clock });
}

function declined({ err }: Context): number {
  err.write('nothing was changed\n');
  return exitStatus.no;
}

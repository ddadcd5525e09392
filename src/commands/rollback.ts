import { exitStatus } from '../errors.ts';
import { actingFor } from '../install/acting.ts';
import { type InstallRequest, installProject } from '../install/install.ts';
import { placeIn } from '../install/place-in.ts';
import { type Prepared, prepare } from '../install/prepare.ts';
import { checkStill, projectOf, type Rollback, wantedRollback } from '../install/rollback.ts';
import { latestRevisions } from '../store/registry.ts';
import { revisionsOf } from '../store/revisions.ts';
import type { Store } from '../store/store.ts';
import { plan as drawPlan, synced, syncedAsAgreed } from '../terminal/human/plan.ts';
import { revisions as drawRevisions } from '../terminal/human/snapshots.ts';
import { planView } from '../terminal/plan-view.ts';
import { revisionView } from '../terminal/snapshot-view.ts';
import { type Command, jsonOption, yesOption } from './command.ts';
import { type Context, localTime, type Options, showOnError, stateOf, text, voiceOf, withStore } from './context.ts';

export const rollback: Command = {
  name: 'rollback',
  summary: 'install the jobs of an earlier revision again',
  description:
    'Install the jobs of an earlier revision again, as a revision of its own, with the settings and into the table of then. Without a number that is the revision before the present one, so that a second rollback takes the first one back. It asks as sync does. The jobs file stays as it is: the next sync brings its jobs back.',
  operands: [['[revision]', 'its number; cronwright rollback --list shows them']],
  options: [
    ['--list', 'show the revisions, and in how many jobs each differs from the one before'],
    ['--check', 'only show what would be done; exit with status 1 when there is something to do'],
    ['--project <name>', 'whose revision, where several projects are installed'],
    ['--target <target>', 'another table than that of the revision; user:NAME for the jobs of that account'],
    yesOption,
    jsonOption,
  ],
  exits: [
    ['0', 'the jobs of that revision are installed, or were already'],
    ['1', 'the answer was no, or --check found something to do'],
    ['2', 'it could not be done: no such revision, a table that cannot be written, or --yes is needed'],
  ],
  examples: [
    'cronwright rollback --list',
    'cronwright rollback --check',
    'cronwright rollback',
    'cronwright rollback 41 --yes',
  ],
  async run(root, [revision], options) {
    const { target, environment } = actingFor(text(options, 'target'), root.environment);
    const context = { ...root, environment };
    const project = text(options, 'project');
    if (options.list === true) return withStore(context, options, (store) => list(context, options, store));
    const request = await withStore(context, options, (store) => {
      const rollback = wantedRollback(store, { revision, project });
      return requestOf({ context, options, rollback, target }, store);
    });
    return options.check === true ? check(context, options, request) : carryOut(context, options, request);
  },
};

function list(context: Context, options: Options, store: Store): number {
  const wanted = text(options, 'project');
  const projects = latestRevisions(store).filter(({ project }) => wanted === undefined || project === wanted);
  const rows = projects.flatMap((current) =>
    revisionsOf(store, current.project).map((entry) => revisionView(entry, current, localTime)),
  );
  voiceOf(context, options).show(rows, drawRevisions);
  return exitStatus.done;
}

/** What is to be rolled back, and how it was asked for. */
interface Asked {
  readonly context: Context;
  readonly options: Options;
  readonly rollback: Rollback;
  readonly target: string | undefined;
}

function requestOf({ context, options, rollback, target }: Asked, store: Store): InstallRequest {
  const { launcher, version, environment, clock, user: by, ask } = context;
  const { to, current } = rollback;
  return {
    ...{ launcher, version, environment, clock, by, state: stateOf(context, options) },
    project: projectOf(store, to),
    target: target ?? to.settings.target,
    verb: `rollback to revision ${to.id}`,
    consent: {
      yes: options.yes === true,
      ask,
      preview: 'cronwright rollback --check',
      show: (plan) => showOnError(context, planView(plan), drawPlan),
    },
    check: (prepared) => checkStill(current, prepared),
  };
}

function check(context: Context, options: Options, request: InstallRequest): Promise<number> {
  return withStore(context, options, async (store) => {
    const { plan, hasChanges } = await prepare(
      store,
      request.project,
      await placeIn(store, { ...request, project: request.project.name }),
    );
    const voice = voiceOf(context, options);
    voice.show({ ...planView(plan), applied: false }, drawPlan);
    if (!hasChanges) voice.remark('nothing to do');
    return hasChanges ? exitStatus.no : exitStatus.done;
  });
}

async function carryOut(context: Context, options: Options, request: InstallRequest): Promise<number> {
  const { kind, prepared, asked, problem } = await installProject(request);
  if (kind === 'declined') {
    context.err.write('nothing was changed\n');
    return exitStatus.no;
  }
  const voice = voiceOf(context, options);
  voice.show(
    { ...planView(prepared.plan), applied: kind === 'installed' },
    asked && context.out.isTerminal ? syncedAsAgreed : synced,
  );
  voice.remark(
    kind === 'installed' ? doneWords(request, prepared) : 'nothing to do: everything is installed as it was',
  );
  if (problem !== undefined) context.err.write(`warning: ${problem}\n`);
  return exitStatus.done;
}

function doneWords({ verb, project }: InstallRequest, { plan }: Prepared): string {
  const done = `${verb} is done: its jobs are installed as revision ${plan.revision}`;
  return `${done}\n${project.file} was not changed: the next sync brings its jobs back`;
}

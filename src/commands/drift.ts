import { driftWords } from '../crontab/drift-words.ts';
import { parseTarget, targetLabel } from '../crontab/target.ts';
import { exitStatus, UserError } from '../errors.ts';
import { actingFor } from '../install/acting.ts';
import { nearest } from '../job/nearest.ts';
import { installedJobs, latestRevisions, type Revision } from '../store/registry.ts';
import { openStoreIfAny, type Store } from '../store/store.ts';
import { drift as drawDrift } from '../terminal/human/drift.ts';
import type { DriftView } from '../terminal/table-views.ts';
import { type CheckedProject, checkTables } from '../upkeep/drift/check-tables.ts';
import { type Command, jsonOption } from './command.ts';
import { stateOf, text, voiceOf } from './context.ts';

export const drift: Command = {
  name: 'drift',
  summary: 'show what was changed in the tables since the jobs were installed',
  description:
    'Compare the tables with what was installed in them, line by line: what was edited, deleted, commented out, moved, doubled or added, and what became of markers and of whole tables. Nothing is changed.',
  options: [
    ['--project <project>', 'only this project'],
    ['--target <target>', 'only what is installed in this table; as root user:NAME is what that user has installed'],
    jsonOption,
  ],
  exits: [
    ['0', 'all is as it was installed'],
    ['1', 'something is not'],
    ['2', 'a table cannot be read'],
  ],
  examples: ['cronwright drift', 'cronwright drift --project shop --json'],
  async run(root, _operands, options) {
    const { target, environment } = actingFor(text(options, 'target'), root.environment);
    const context = { ...root, environment };
    const store = openStoreIfAny(stateOf(context, options));
    try {
      const wanted = chosen(store, { project: text(options, 'project'), target });
      const views = store === undefined ? [] : (await checkTables(store, wanted)).map(viewOf);
      voiceOf(context, options).show(views, drawDrift);
      return statusOf(views);
    } finally {
      store?.close();
    }
  },
};

interface Choice {
  readonly project: string | undefined;
  readonly target: string | undefined;
}

function chosen(store: Store | undefined, { project, target }: Choice): readonly Revision[] {
  const installed =
    store === undefined
      ? []
      : latestRevisions(store).filter(({ project: name }) => installedJobs(store, name).length > 0);
  if (project !== undefined && !installed.some((one) => one.project === project)) throw unknown(project, installed);
  return installed
    .filter((one) => project === undefined || one.project === project)
    .filter((one) => target === undefined || one.settings.target === labelOf(target, one));
}

function labelOf(target: string, { project }: Revision): string {
  return targetLabel(parseTarget(target, project));
}

function unknown(project: string, installed: readonly Revision[]): UserError {
  const near = nearest(
    project,
    installed.map((one) => one.project),
  );
  const hint = near === undefined ? 'cronwright list shows the installed jobs' : `did you mean ${near}?`;
  return new UserError(`no jobs of a project ${project} are installed`, hint);
}

function viewOf({ revision: { project, settings }, result }: CheckedProject): DriftView {
  const base = { project, target: settings.target };
  if (result instanceof UserError) {
    return { ...base, state: 'unreadable', drift: [], message: result.message, remedy: result.hint ?? null };
  }
  const { refusal } = result;
  return {
    ...base,
    state: result.drift.length === 0 ? 'as-installed' : 'drifted',
    drift: result.drift.map((one) => ({ ...one, ...driftWords(one, project) })),
    message: refusal === undefined ? null : refusal.message,
    remedy: refusal?.hint ?? null,
  };
}

function statusOf(views: readonly DriftView[]): number {
  if (views.some(({ state }) => state === 'unreadable')) return exitStatus.failed;
  return views.some(({ state }) => state === 'drifted') ? exitStatus.no : exitStatus.done;
}

import { createHash } from 'node:crypto';
import { exitStatus } from '../errors.ts';
import { apply } from '../install/apply.ts';
import { lineLauncher } from '../install/line-launcher.ts';
import { type Prepared, prepare, tableOf } from '../install/prepare.ts';
import type { Project } from '../job/job.ts';
import { readTimetable } from '../schedule/timetable.ts';
import { hostZone } from '../schedule/zone/zone.ts';
import { ensureCopy } from '../store/copy.ts';
import { defaultStateDirectory } from '../store/state.ts';
import { openStore, withLock } from '../store/store.ts';
import { synced } from '../terminal/human/plan.ts';
import { validation } from '../terminal/human/problems.ts';
import { type Command, jsonOption } from './command.ts';
import { type Context, jobsFilePath, type Options, stateOf, text, voiceOf } from './context.ts';

export const sync: Command = {
  name: 'sync',
  summary: 'install the jobs of the file into the crontab',
  description: 'Check the file, store its jobs and write the crontab. Lines of others stay as they are.',
  options: [['--target <target>', 'user (the calling user’s crontab) or file:PATH; default user'], jsonOption],
  exits: [
    ['0', 'the jobs are installed, or were already'],
    ['1', 'the file is not valid; nothing was changed'],
    ['2', 'the table cannot be read or written, or cron cannot start the jobs; nothing was changed'],
  ],
  examples: ['cronwright sync', 'cronwright --file jobs.yaml sync --target file:/tmp/table'],
  async run(context, _operands, options) {
    const { project, count, problems } = readTimetable(jobsFilePath(context, options));
    const voice = voiceOf(context, options);
    if (!project) {
      voice.show({ valid: false, jobs: count, problems }, validation);
      return exitStatus.no;
    }
    const { plan, changes, problem } = await install(context, options, project);
    voice.show({ ...plan, applied: changes }, synced);
    voice.remark(
      changes ? `installed as revision ${plan.revision}` : 'nothing to do: everything is installed as it is',
    );
    if (problem !== undefined) context.err.write(`warning: ${problem}\n`);
    return exitStatus.done;
  },
};

/** What was done, and what went wrong without harm, in words. */
interface Installed extends Prepared {
  readonly problem: string | undefined;
}

/** From reading the table to writing it, no other sync comes between. */
async function install(context: Context, options: Options, project: Project): Promise<Installed> {
  const state = stateOf(context, options);
  const target = text(options, 'target') ?? 'user';
  const lock = { directory: lockDirectory(context, state, target), name: lockName(target) };
  return withLock(lock, async () => {
    const store = openStore(state);
    try {
      const launcher = lineLauncher(context.launcher, state);
      const at = context.clock.now();
      const host = { zone: hostZone(), at };
      const prepared = await prepare(store, project, { table: tableOf(target), launcher, host });
      const applying = { by: context.user, at };
      const problem = prepared.changes ? await apply(store, prepared, applying) : ensureCopy(store, project.name);
      return { ...prepared, problem };
    } finally {
      store.close();
    }
  });
}

/** A user has one crontab whatever the state directory, so its lock has one place as well. */
function lockDirectory({ environment }: Context, state: string, target: string): string {
  return target === 'user' ? defaultStateDirectory(environment) : state;
}

function lockName(target: string): string {
  return `table-${createHash('sha256').update(target).digest('hex').slice(0, 16)}`;
}

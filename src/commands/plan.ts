import { exitStatus } from '../errors.ts';
import { lineLauncher } from '../install/line-launcher.ts';
import { prepare, tableOf } from '../install/prepare.ts';
import { readTimetable } from '../schedule/timetable.ts';
import { hostZone } from '../schedule/zone/zone.ts';
import { openStoreIfAny } from '../store/store.ts';
import { plan as drawPlan } from '../terminal/human/plan.ts';
import { validation } from '../terminal/human/problems.ts';
import { type Command, jsonOption } from './command.ts';
import { jobsFilePath, stateOf, text, voiceOf } from './context.ts';

export const plan: Command = {
  name: 'plan',
  summary: 'show what sync would do, without doing it',
  options: [
    ['--target <target>', 'user (the calling user’s crontab) or file:PATH; default user'],
    ['--check', 'exit with status 1 when there is something to do'],
    jsonOption,
  ],
  exits: [
    ['0', 'done'],
    ['1', 'the file is not valid, or --check found something to do'],
    ['2', 'the file or the table cannot be read'],
  ],
  examples: ['cronwright plan', 'cronwright plan --check --json'],
  async run(context, _operands, options) {
    const voice = voiceOf(context, options);
    const timetable = readTimetable(jobsFilePath(context, options));
    if (!timetable.project) {
      voice.show({ valid: false, jobs: timetable.count, problems: timetable.problems }, validation);
      return exitStatus.no;
    }
    const state = stateOf(context, options);
    const table = tableOf(text(options, 'target') ?? 'user');
    const store = openStoreIfAny(state);
    try {
      const launcher = lineLauncher(context.launcher, state);
      const host = { zone: hostZone(), at: context.clock.now() };
      const prepared = await prepare(store, timetable.project, { table, launcher, host });
      voice.show(prepared.plan, drawPlan);
      if (!prepared.changes) voice.remark('nothing to do');
      return options.check === true && prepared.changes ? exitStatus.no : exitStatus.done;
    } finally {
      store?.close();
    }
  },
};

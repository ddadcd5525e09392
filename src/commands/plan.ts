import { exitStatus } from '../errors.ts';
import { asRoot, readActing } from '../install/acting.ts';
import { placeIn } from '../install/place-in.ts';
import { savePlan } from '../install/plan-file.ts';
import { prepare } from '../install/prepare.ts';
import { usualTarget } from '../install/usual-target.ts';
import { readTimetable } from '../schedule/timetable.ts';
import { openStoreIfAny } from '../store/store.ts';
import { plan as drawPlan } from '../terminal/human/plan.ts';
import { validation } from '../terminal/human/problems.ts';
import { planView } from '../terminal/plan-view.ts';
import { type Command, jsonOption } from './command.ts';
import { jobsFilePath, stateOf, targetOption, text, voiceOf } from './context.ts';

export const plan: Command = {
  name: 'plan',
  summary: 'show what sync would do, without doing it',
  options: [
    targetOption,
    ['--check', 'exit with status 1 when there is something to do'],
    ['--out <file>', 'save the plan, for cronwright sync FILE'],
    jsonOption,
  ],
  exits: [
    ['0', 'done'],
    ['1', 'the file is not valid, or --check found something to do'],
    ['2', 'the file or a table cannot be read, or the cron here would not take what it is to be'],
  ],
  examples: ['cronwright plan', 'cronwright plan --check --json', 'cronwright plan --out tonight.plan'],
  async run(context, _operands, options) {
    const voice = voiceOf(context, options);
    const file = jobsFilePath(context, options);
    const wanted = text(options, 'target') ?? usualTarget(stateOf(context, options), file);
    const named = { target: wanted, environment: context.environment };
    const { found: timetable, acting } = readActing(file, () => readTimetable(file), named);
    const { project } = timetable;
    if (!project) {
      voice.show({ valid: false, jobs: timetable.count, problems: timetable.problems }, validation);
      return exitStatus.no;
    }
    const { target, environment } = acting();
    const state = stateOf({ ...context, environment }, options);
    const store = openStoreIfAny(state);
    try {
      const { launcher, clock, user } = context;
      const place = await placeIn(store, { project: project.name, target, launcher, state, clock });
      const prepared = await prepare(store, project, place);
      const out = text(options, 'out');
      const saving = { by: user, at: clock.now(), state, target: wanted };
      // Where the person who asked may write, and not the account that is acted for.
      if (out !== undefined) asRoot(() => savePlan(out, prepared, saving));
      voice.show(planView(prepared.plan), drawPlan);
      if (!prepared.hasChanges) voice.remark('nothing to do');
      if (out !== undefined) voice.remark(`saved; cronwright sync ${out} does exactly this, or nothing`);
      return options.check === true && prepared.hasChanges ? exitStatus.no : exitStatus.done;
    } finally {
      store?.close();
    }
  },
};

import { exitStatus } from '../errors.ts';
import { timeParts } from '../crontab/fields.ts';
import { instants } from '../schedule/calendar.ts';
import { schedulesOf } from '../schedule/timetable.ts';
import { describe } from '../schedule/words.ts';
import { hostZone } from '../schedule/zone.ts';
import { type InstalledJob, revisionById } from '../store/registry.ts';
import { history } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { job as drawJob } from '../terminal/human/jobs.ts';
import { runView } from '../terminal/run-view.ts';
import type { JobView } from '../terminal/views.ts';
import { type Command, commonExits, jsonOption } from './command.ts';
import { localTime, namedJob, voiceOf, withStore } from './context.ts';

const nextCount = 3;
const runCount = 5;

export const show: Command = {
  name: 'show',
  summary: 'show everything about one installed job',
  operands: [['<job>', 'the job']],
  options: [jsonOption],
  exits: commonExits,
  examples: ['cronwright show shop/backup'],
  run: (context, [name], options) =>
    withStore(context, options, (store) => {
      const installed = namedJob(store, name ?? '');
      voiceOf(context, options).show(jobView(store, installed, context.clock.now()), drawJob);
      return exitStatus.done;
    }),
};

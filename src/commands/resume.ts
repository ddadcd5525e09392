import { exitStatus } from '../errors.ts';
import { pauseTargets } from '../store/pause-target.ts';
import { holds, type Pause, type Paused, pausesInForce, resume as resumeOne } from '../store/pauses.ts';
import { installedJobs } from '../store/registry.ts';
import { type Store, together } from '../store/store.ts';
import { resumedNow } from '../terminal/human/pauses.ts';
import { pauseView } from '../terminal/pause-view.ts';
import type { HeldView, ResumeView } from '../terminal/views.ts';
import { type Command, jsonOption } from './command.ts';
import { localTime, namedJob, text, voiceOf, withStore } from './context.ts';

export const resume: Command = {
  name: 'resume',
  summary: 'end a pause of jobs',
  description: `End what cronwright pause began: the pause of jobs, of a label, or of all. Each
is a pause of its own: a job that is resumed stays paused while its label is,
and --all ends the pause of all jobs, not that of single ones. What still holds
jobs back is shown.`,
  operands: [['[job...]', 'their full names; a bare one where only one project has it']],
  options: [['--label <label>', 'the pause of this label'], ['--all', 'the pause of all jobs'], jsonOption],
  exits: [
    ['0', 'a pause was ended'],
    ['1', 'there was none to end'],
    ['2', 'it could not be done: no such job or label, or something unreadable'],
  ],
  examples: ['cronwright resume shop/backup', 'cronwright resume --label nightly', 'cronwright resume --all'],
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
      const by = { by: context.user, at };
      const ended = together(store, () => targets.map((target) => ({ target, pause: resumeOne(store, target, by) })));
      const left = pausesInForce(store, at);
      const rows = ended.map(({ target, pause }) => resumeView(store, target, pause, left));
      voiceOf(context, options).show(rows, resumedNow);
      return ended.some(({ pause }) => pause !== undefined) ? exitStatus.done : exitStatus.no;
    }),
};

function resumeView(store: Store, target: Paused, ended: Pause | undefined, left: readonly Pause[]): ResumeView {
  const { scope, name } = target;
  const jobs = installedJobs(store).filter(({ job }) => holds(target, job));
  const held = left.flatMap((pause): readonly HeldView[] => {
    const names = jobs.filter(({ job }) => holds(pause, job)).map(({ job }) => job.id);
    return names.length === 0 ? [] : [{ paused: pauseView(pause, localTime), jobs: names }];
  });
  return { scope, name, ended: ended ? pauseView(ended, localTime) : null, held };
}

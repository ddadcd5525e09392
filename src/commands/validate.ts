import { type Cron, cronNames } from '../crontab/cron/cron.ts';
import { cronProblems } from '../crontab/cron/cron-problems.ts';
import { crons } from '../crontab/cron/crons.ts';
import { exitStatus, UserError } from '../errors.ts';
import { readTimetable } from '../schedule/timetable.ts';
import { hostZone } from '../schedule/zone/zone.ts';
import { githubAnnotations } from '../terminal/github.ts';
import { validation } from '../terminal/human/problems.ts';
import { sarifLog } from '../terminal/sarif.ts';
import type { ValidationView } from '../terminal/views.ts';
import type { Command } from './command.ts';
import { type Context, jobsFilePath, type Options, text, voiceOf } from './context.ts';

export const formats = ['human', 'json', 'github', 'sarif'] as const;
type Format = (typeof formats)[number];

export const validate: Command = {
  name: 'validate',
  summary: 'check a jobs file and show every problem at its place',
  operands: [['[file]', 'the jobs file; that of --file if not given']],
  options: [
    ['--format <format>', `${formats.join(', ')}; default human`],
    ['--json', 'the same as --format json'],
    ['--cron <name>', `the cron of the host it is for: ${cronNames.join(', ')}`],
  ],
  exits: [
    ['0', 'the file is valid; there may be warnings'],
    ['1', 'the file is not valid, or that cron cannot do what it asks for'],
    ['2', 'the file cannot be read'],
  ],
  examples: [
    'cronwright validate jobs.yaml',
    'cronwright validate --cron cronie',
    'cronwright validate --format github',
  ],
  run(context, [file], options) {
    const present = { at: context.clock.now(), zone: hostZone() };
    const path = file ?? jobsFilePath(context, options);
    const cron = chosenCron(options);
    const { project, count, problems } = readTimetable(path, present);
    const limits = project === undefined || cron === undefined ? [] : cronProblems(path, project, cron);
    const valid = project !== undefined && limits.every(({ severity }) => severity !== 'error');
    const view: ValidationView = { valid, jobs: count, problems: [...problems, ...limits] };
    print(context, options, view);
    return view.valid ? exitStatus.done : exitStatus.no;
  },
};

function chosenCron(options: Options): Cron | undefined {
  const wanted = text(options, 'cron');
  if (wanted === undefined) return undefined;
  const name = cronNames.find((one) => one === wanted);
  if (name) return crons[name];
  throw new UserError(`found --cron ${wanted}, expected one of ${cronNames.join(', ')}`);
}

function print(context: Context, options: Options, view: ValidationView): void {
  const format = chosenFormat(options);
  if (format === 'github') printLines(context, githubAnnotations(view.problems));
  else if (format === 'sarif') printLines(context, JSON.stringify(sarifLog(view.problems, context.version), null, 2));
  else voiceOf(context, { ...options, json: format === 'json' }).show(view, validation);
}

function chosenFormat(options: Options): Format {
  const wanted = text(options, 'format') ?? (options.json === true ? 'json' : 'human');
  const format = formats.find((one) => one === wanted);
  if (format) return format;
  throw new UserError(`found --format ${wanted}, expected one of ${formats.join(', ')}`);
}

function printLines({ out }: Context, lines: string): void {
  if (lines !== '') out.write(`${lines}\n`);
}

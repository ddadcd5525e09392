import { exitStatus, UserError } from '../errors.ts';
import { actingFor } from '../install/acting.ts';
import { growFile } from '../install/adopt/grow.ts';
import { homeOf } from '../install/adopt/home.ts';
import { type GrowingFile, readGrowingFile } from '../install/adopt/jobs-file.ts';
import type { Proposal } from '../install/adopt/proposal.ts';
import { type Survey, surveyTables } from '../install/adopt/survey.ts';
import { readSources } from '../install/adopt/tables.ts';
import { withTwins } from '../install/adopt/twins.ts';
import { parseSchedule } from '../schedule/parse.ts';
import { describe } from '../schedule/words/words.ts';
import { installedNames } from '../store/registry.ts';
import { openStoreIfAny } from '../store/store.ts';
import { adoption } from '../terminal/human/adopt.ts';
import { validation } from '../terminal/human/problems.ts';
import type { AdoptedJobView, AdoptView } from '../terminal/table-views.ts';
import { type Command, jsonOption } from './command.ts';
import { type Context, jobsFilePath, type Options, stateOf, targetOption, text, voiceOf } from './context.ts';

export const adopt: Command = {
  name: 'adopt',
  summary: 'turn entries that a crontab has already into jobs',
  description:
    'Show the jobs that do the same as the entries of a crontab. --write adds them to the jobs file; the crontab changes only when sync takes the entries out and puts the jobs in, in one write.',
  operands: [['[pattern...]', 'names of the jobs as shown, * for any characters, or a part of the entry; all if none']],
  options: [
    [
      '--from <table>',
      'user, user:NAME, /etc/crontab, /etc/cron.d/NAME, file:PATH or all; default the table of --target',
    ],
    targetOption,
    ['--write', 'add the jobs to the jobs file'],
    ['--unwrap', 'let overlap: and timeout: take the place of flock and timeout'],
    jsonOption,
  ],
  exits: [
    ['0', 'done'],
    ['1', 'the jobs file is not valid; nothing was written'],
    ['2', 'a table or the file cannot be read, or the jobs cannot be added; nothing was written'],
  ],
  examples: ['cronwright adopt', 'cronwright adopt --write backup "cleanup-*"', 'cronwright adopt --from /etc/crontab'],
  async run(context, patterns, options) {
    const voice = voiceOf(context, options);
    const file = readGrowingFile(jobsFilePath(context, options));
    if (!('said' in file)) {
      voice.show({ valid: false, jobs: file.count, problems: file.problems }, validation);
      return exitStatus.no;
    }
    const { survey, tables } = await look(context, options, file);
    const chosen = choose(
      survey.proposals,
      patterns.filter((one) => one !== undefined),
    );
    const written = options.write === true && chosen.length > 0;
    if (written)
      growFile(
        file,
        chosen.map(({ job }) => job),
      );
    const view: AdoptView = {
      file: file.path,
      written,
      tables,
      jobs: chosen.map((one) => jobView(one, file, options.unwrap === true)),
      obstructed: survey.obstructed.map(({ source, line, text: entry, obstacle, remedy }) => {
        return { table: source.name, line, entry, obstacle, remedy: remedy ?? null };
      }),
      adopted: survey.adopted,
      leftOut: survey.proposals.length - chosen.length,
    };
    voice.show(view, adoption);
    if (view.jobs.length > 0) voice.remark(ofMail);
    voice.remark(nextStep(view));
    return exitStatus.done;
  },
};

/** The one thing that becomes another by being adopted. */
const ofMail = 'cron mails what they print; cronwright keeps that, and mails failures';

/** Reads the tables and what is installed; changes nothing. */
async function look(
  context: Context,
  options: Options,
  file: GrowingFile,
): Promise<{ readonly survey: Survey; readonly tables: readonly string[] }> {
  const { target, environment } = actingFor(text(options, 'target'), context.environment);
  const store = openStoreIfAny(stateOf({ ...context, environment }, options));
  try {
    const home = await homeOf(store, file.project, target);
    const sources = await readSources(text(options, 'from') ?? home.target);
    const taken = store === undefined ? [] : installedOf(installedNames(store), file.project);
    const survey = surveyTables(sources, { file, home, taken, unwrap: options.unwrap === true });
    return { survey, tables: sources.map(({ name }) => name) };
  } finally {
    store?.close();
  }
}

/** The bare names of a project's jobs among full ones. */
function installedOf(names: readonly string[], project: string): readonly string[] {
  return names.flatMap((name) => (name.startsWith(`${project}/`) ? [name.slice(project.length + 1)] : []));
}

/**
 * The proposals that are asked for, and those of lines that are the same.
 * @throws UserError for a pattern that fits none.
 */
function choose(proposals: readonly Proposal[], patterns: readonly string[]): readonly Proposal[] {
  const fits = (pattern: string) => {
    const name = new RegExp(`^${pattern.split('*').map(literally).join('.*')}$`);
    return ({ job, entry }: Proposal) => name.test(job.name) || entry.text.includes(pattern);
  };
  const idle = patterns.find((pattern) => !proposals.some(fits(pattern)));
  if (idle !== undefined) {
    throw new UserError(`no entry that could be adopted fits ${idle}`, 'cronwright adopt shows the names of all');
  }
  if (patterns.length === 0) return proposals;
  return withTwins(
    proposals,
    proposals.filter((one) => patterns.some((pattern) => fits(pattern)(one))),
  );
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function jobView({ source, entry, job, notes }: Proposal, file: GrowingFile, taken: boolean): AdoptedJobView {
  const parsed = parseSchedule(entry.draft.schedule, `${file.project}/${job.name}`);
  return {
    job: `${file.project}/${job.name}`,
    table: source.name,
    line: entry.line,
    entry: entry.text,
    schedule: entry.draft.schedule,
    words: parsed.ok ? describe([parsed.schedule]) : entry.draft.schedule,
    command: job.entry.command,
    user: entry.draft.user,
    spec: job.entry,
    notes,
    offers: entry.offers.map(({ found, settings }) => ({ found, settings: { ...settings }, taken })),
  };
}

function nextStep({ jobs, written, file }: AdoptView): string {
  if (jobs.length === 0) return 'nothing to adopt';
  return written
    ? `written to ${file}\nnext: cronwright plan, then cronwright sync, which takes the entries out`
    : `nothing was changed; cronwright adopt --write adds the jobs to\n  ${file}`;
}

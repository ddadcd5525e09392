// As a namespace, so that the bundle holds only what is used of it: a third.
import * as z from 'zod';
import { isDate, isTime } from './date.ts';
import { durationPattern, longestDuration, parseDuration } from './duration.ts';
import { backoffs, missedPolicies, namePattern, notifyEvents, overlaps } from './job.ts';
import { parseSize, sizePattern } from './size.ts';

/*
 * The jobs file as written. This one schema is validation, types (JobsFile, JobEntry) and the published JSON Schema.
 * Each `error` says what is expected in the words that follow "expected"; each description is the reference page's.
 */

const name = z.string({ error: 'a name of lower-case letters, digits and hyphens' }).regex(namePattern, {
  error: 'a name of lower-case letters, digits and hyphens, up to 63 characters, with a letter or digit first',
});

const line = z
  .string({ error: 'a text' })
  .max(500, { error: 'at most 500 characters' })
  .regex(/^[^\p{Cc}]*$/u, { error: 'one line without control characters' });

const path = z.string({ error: 'a path' }).regex(/^[^\0\n]+$/, { error: 'a path of one line' });

const time = 'a time such as 30s, 15m, 1h30m or 2d, at most 366d, or 0';

const duration = z.union(
  [
    z
      .string()
      .regex(durationPattern, { error: time })
      .refine((text) => (parseDuration(text) ?? 0) <= longestDuration, { error: time }),
    z.literal(0),
  ],
  { error: time },
);

const waitTime = 'a time such as 30s, 15m or 1h30m, at most 366d and more than 0';

const wait = z
  .string({ error: waitTime })
  .regex(durationPattern, { error: waitTime, abort: true })
  .refine((text) => parseDuration(text) !== 0 && (parseDuration(text) ?? 0) <= longestDuration, { error: waitTime });

function size(least: string, most: string) {
  const error = `a size from ${least} to ${most}, such as 256KiB or 10MiB`;
  const [low, high] = [parseSize(least) ?? 0, parseSize(most) ?? 0];
  return z
    .string({ error })
    .regex(sizePattern, { error, abort: true })
    .refine((text) => (parseSize(text) ?? 0) >= low && (parseSize(text) ?? 0) <= high, { error });
}

function wholeNumber(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'a variable name such as DB_HOST' });

const environment = z
  .record(variable, z.string({ error: 'a text; put numbers and booleans in quotes' }).regex(/^[^\0]*$/), {
    error: 'a mapping of variable names to texts',
  })
  .meta({ description: 'Variables of the task. A value may hold ${NAME}, resolved when the job runs.' });

const oneOrMore = <T extends z.ZodType>(item: T, error: string) => z.union([item, z.array(item).min(1)], { error });

const envFile = oneOrMore(path, 'a path or a list of paths').meta({
  description: 'Files with NAME=value lines and mode 0600, read when a job runs. Paths are relative to this file.',
});

const address = z
  .string({ error: 'a mail address such as ops@example.org' })
  .regex(/^(?:[^\p{Cc}<>]*<)?[^\s@<>,;]+@[^\s@<>,;]+>?$/u, { error: 'a mail address such as ops@example.org' });

const addresses = oneOrMore(address, 'a mail address or a list of them');

const argv = z
  .tuple([z.string().min(1, { error: 'a program' })], z.string(), { error: 'a list of a program and its arguments' })
  .refine((words) => words.every((word) => !word.includes('\0')), { error: 'texts without NUL' });

const retry = z
  .strictObject(
    {
      attempts: wholeNumber(1, 100).meta({ description: 'Attempts in all, the first included.', default: 1 }),
      delay: duration.meta({ description: 'The wait before the second attempt.', default: '30s' }),
      backoff: z
        .enum(backoffs, { error: 'fixed or exponential' })
        .meta({ description: 'fixed: each wait is the delay. exponential: each is twice the last.', default: 'fixed' }),
      'max-delay': duration.meta({ description: 'No wait is longer.', default: '10m' }),
      jitter: z
        .number({ error: 'a number from 0 to 1' })
        .min(0, { error: 'a number from 0 to 1' })
        .max(1, { error: 'a number from 0 to 1' })
        .meta({ description: 'Each wait is lengthened by a random part of itself up to this fraction.', default: 0 }),
      on: z
        .union([z.literal('any'), z.array(z.int().min(1).max(255)).min(1)], {
          error: 'any, or a list of exit statuses from 1 to 255',
        })
        .meta({ description: 'The exit statuses worth another attempt, or any failure.', default: 'any' }),
    },
    { error: 'a mapping such as {attempts: 3, delay: 30s}' },
  )
  .partial()
  .meta({ description: 'How often and when a failed attempt is tried again.' });

const notify = z
  .strictObject(
    {
      on: z
        .array(z.enum(notifyEvents, { error: notifyEvents.join(', ') }), { error: 'a list such as [failure, missed]' })
        .meta({
          description:
            'What is told, an empty list for nothing: a run that failed, slots that passed without a start, a start later than `late-after`, a run longer than `warn-after`.',
          default: [...notifyEvents],
        }),
      to: addresses.meta({ description: 'Addresses in place of those of mail:.' }),
    },
    { error: 'a mapping such as {on: [failure], to: ops@example.org}' },
  )
  .partial()
  .meta({ description: 'Who is told about this job, and of what.' });

/** Not digits alone: getent(1) would take them for a user id. */
const user = z
  .string({ error: 'a user name such as www-data' })
  .regex(/^(?!\d+$)[\w.][\w.@+\\-]{0,254}\$?$/, { error: 'a user name such as www-data' });

const octal = 'octal digits in quotes, such as "0027"';

const umask = z.string({ error: octal }).regex(/^0?[0-7]{1,3}$/, { error: octal });

/** A pipe holds as much without a reader, so that the wrapper never waits for a task to read. */
const longestInput = 65_536;

const input = 'a text of at most 64 KiB, or a mapping such as {file: PATH}';

const stdin = z
  .union(
    [
      z
        .string()
        .max(longestInput, { error: input, abort: true })
        .refine((text) => Buffer.byteLength(text) <= longestInput, { error: input }),
      z.strictObject({ file: path.meta({ description: 'A file, relative to this one, opened when the job runs.' }) }),
    ],
    { error: input },
  )
  .meta({ description: 'What the task reads on standard input, a text or a file; nothing if not given.' });

const exitStatuses = 'a list of exit statuses from 0 to 255, such as [0, 24]';

const failWhen = z
  .strictObject(
    {
      stderr: z
        .boolean({ error: 'true or false' })
        .meta({ description: 'Whether anything on standard error means failure.', default: false }),
      'output-matches': z
        .string({ error: 'an expression such as "ERROR|FATAL"' })
        .max(1_000, { error: 'an expression of at most 1000 characters' })
        .meta({ description: 'An RE2 expression; a line of output that it fits means failure. "" for none.' }),
    },
    { error: 'a mapping such as {stderr: true, output-matches: "ERROR|FATAL"}' },
  )
  .partial()
  .meta({ description: 'Other signs of failure than the exit status.' });

const rotate = z
  .strictObject(
    {
      size: size('1KiB', '1024GiB').meta({ description: 'A larger file makes way for a new one.', default: '10MiB' }),
      keep: wholeNumber(1, 100).meta({ description: 'How many old files are kept.', default: 5 }),
    },
    { error: 'a mapping such as {size: 10MiB, keep: 5}' },
  )
  .partial()
  .meta({ description: 'When the file makes way for a new one, and how many old ones are kept.' });

const output = z
  .strictObject(
    {
      keep: size('1KiB', '16MiB').meta({
        description: 'What is recorded of each stream, half of it from the beginning and half from the end.',
        default: '128KiB',
      }),
      file: z
        .string({ error: 'a path, or "" for none' })
        .regex(/^[^\0\n]*$/, { error: 'a path of one line' })
        .meta({ description: 'The file, relative to this one, to which all output is appended. "" for none.' }),
      rotate,
    },
    { error: 'a mapping such as {keep: 256KiB, file: /var/log/backup.log}' },
  )
  .partial()
  .meta({ description: 'What is kept of the output of the task.' });

const dst = z
  .strictObject(
    {
      skipped: z.enum(['run-after', 'skip'], { error: 'run-after or skip' }).meta({
        description: 'A time that daylight saving skips: run once just after it, or not at all.',
      }),
      repeated: z.enum(['once', 'twice'], { error: 'once or twice' }).meta({
        description: 'A time that comes twice: run the first time only, or both.',
      }),
    },
    { error: 'a mapping such as {skipped: run-after, repeated: once}' },
  )
  .partial()
  .meta({
    description:
      'Changes of daylight saving. Not given: times of day as run-after and once, the rest as the clock goes.',
  });

const spread = 'a time such as 5m or 1h, or a mapping such as {offset: 15m, delay: 30s}';

function upTo(most: string, error: string) {
  return z
    .string({ error })
    .regex(durationPattern, { error, abort: true })
    .refine((text) => (parseDuration(text) ?? 0) <= (parseDuration(most) ?? 0), { error });
}

const offset = upTo('24h', 'a time such as 5m or 1h, at most 24h');

const jitter = z
  .union(
    [
      offset,
      z
        .strictObject({
          offset: offset.meta({
            description: 'All starts are later by the same minutes, fewer than this, by the job’s name.',
          }),
          delay: upTo('1h', 'a time such as 30s or 5m, at most 1h').meta({
            description: 'Each start waits for a random time up to this.',
          }),
        })
        .partial(),
    ],
    { error: spread },
  )
  .meta({ description: 'By how much starts are spread; a time alone is the offset.' });

const moment = 'a date such as 2026-12-24, or a time such as 2026-12-24 08:00';
const dateTime = z.string({ error: moment }).refine(isTime, { error: moment });

const days = 'a date such as 2026-12-24, two such as 2026-12-24 to 2027-01-02, or {file: holidays.ics}';
const exceptDays = z
  .string({ error: days })
  .refine((text) => text.split(' to ').length <= 2 && text.split(' to ').every(isDate), { error: days });
const except = oneOrMore(
  z.union(
    [exceptDays, z.strictObject({ file: path.meta({ description: 'An iCalendar file, relative to this one.' }) })],
    {
      error: days,
    },
  ),
  days,
).meta({
  description:
    'Days on which the job does not run: 2026-12-24, 2026-12-24 to 2027-01-02, or the events of an iCalendar file.',
});

const timezone = z
  .string({ error: 'a time zone such as Europe/Berlin' })
  .regex(/^[A-Za-z][\w+/-]{0,63}$/, { error: 'a time zone such as Europe/Berlin' })
  .meta({ description: 'The zone on whose clock schedules are read; the host’s if not given.' });

const labels = z.array(name, { error: 'a list of names such as [nightly, database]' }).meta({
  description: 'Names by which several jobs are meant at once.',
});

const common = {
  owner: line.meta({ description: 'Who answers for the job.' }),
  cwd: path.meta({ description: 'Working directory, relative to this file; the home directory if not given.' }),
  timeout: duration.meta({ description: 'The longest one attempt may take; 0 for no limit.', default: '0' }),
  grace: duration.meta({ description: 'The time between TERM and KILL.', default: '10s' }),
  retry,
  notify,
  user: user.meta({
    description: 'The account of the task; that of the crontab if not given. Another one takes root.',
  }),
  umask: umask.meta({ description: 'The file mode creation mask, in quotes; the inherited one if not given.' }),
  nice: wholeNumber(-20, 19).meta({
    description: 'What is added to the niceness, as by nice(1). Less than 0 takes root.',
    default: 0,
  }),
  overlap: z
    .enum(overlaps, { error: 'skip, wait, replace or allow' })
    .meta({ description: 'What happens to a start while another run of the job goes on.', default: 'skip' }),
  'wait-up-to': wait.meta({ description: 'The longest that overlap: wait waits.', default: '1h' }),
  'success-exit': z
    .array(wholeNumber(0, 255), { error: exitStatuses })
    .min(1, { error: exitStatuses })
    .meta({ description: 'The exit statuses that mean success.', default: [0] }),
  'fail-when': failWhen,
  output,
  labels,
  timezone,
  dst,
  jitter,
  start: dateTime.meta({
    description:
      'The first day, or minute, at which it may run: 2026-12-24, or 2026-12-24 08:00, on the clock of its zone.',
  }),
  end: dateTime.meta({
    description:
      'The last day, or minute, at which it may run: 2027-03-31, or 2027-03-31 18:00, on the clock of its zone.',
  }),
  except,
  missed: z.enum(missedPolicies, { error: 'ignore, run-once or run-all' }).meta({
    description: 'What becomes of times that passed without a start: nothing, one run for all, or one for each.',
    default: 'ignore',
  }),
  'start-deadline': wait.meta({ description: 'How long after its time a start is still made up for.', default: '1d' }),
  'late-after': duration.meta({ description: 'A start later than this is told; 0 for never.', default: '0' }),
  'warn-after': duration.meta({
    description: 'A run that takes longer is told while it goes on; 0 for never.',
    default: '0',
  }),
};

const tableLines = 'a line of a crontab, or a mapping such as {table: /etc/crontab, line: "30 2 * * * root backup"}';

const tableLine = z.string({ error: tableLines }).regex(/^[^\0\r]*[^\s\0][^\0\r]*$/, { error: tableLines });

const replaces = oneOrMore(
  z.union(
    [
      tableLine,
      z.strictObject({
        table: z
          .string({ error: 'user, user:NAME or the path of a table' })
          .regex(/^(?:user|user:[A-Za-z0-9_.][A-Za-z0-9_.@+-]*\$?|\/[^\0\n]+)$/, {
            error: 'user, user:NAME or the absolute path of a table',
          })
          .meta({ description: 'Where it stands: user, user:NAME, or the path of a file such as /etc/crontab.' }),
        line: tableLine.meta({ description: 'The line as it stands there.' }),
      }),
    ],
    { error: tableLines },
  ),
  tableLines,
).meta({
  description:
    'Lines of a crontab that the job takes the place of: sync takes them out. Comments above the entry may belong to it.',
});

const job = z
  .strictObject(
    {
      description: line.optional().meta({ description: 'What the job is for.' }),
      schedule: oneOrMore(
        z.string({ error: 'a schedule such as "0 3 * * *" or daily at 03:00' }),
        'a schedule such as "0 3 * * *" or daily at 03:00, or a list of them',
      ).meta({ description: 'Five crontab fields, an @nickname or a phrase; several are tried together.' }),
      command: z
        .union(
          [
            z
              .string()
              .regex(/[^\s\0]/, { error: 'a command' })
              .regex(/^[^\0]*$/),
            argv,
          ],
          {
            error: 'a command as a text, or a list of a program and its arguments',
          },
        )
        .meta({ description: 'A text runs in /bin/sh; a list is executed as it is.' }),
      env: environment.optional(),
      'env-file': envFile.optional(),
      stdin: stdin.optional(),
      replaces: replaces.optional(),
      ...z.object(common).partial().shape,
    },
    { error: 'a mapping with at least schedule: and command:' },
  )
  .meta({ description: 'A job.' });

const defaults = z
  .strictObject(common, { error: 'a mapping' })
  .partial()
  .meta({ description: 'What holds for each job of this file that does not say otherwise.' });

const jobs = z
  .record(name, job, { error: 'a mapping of job names to jobs' })
  .meta({ description: 'The jobs by name.' });

const mail = z
  .strictObject(
    {
      from: address.meta({ description: 'The sender.' }),
      to: addresses.meta({ description: 'Who is told, unless a job says otherwise.' }),
      smtp: z
        .string({ error: 'an SMTP address such as smtp://user:${SMTP_PASSWORD}@mail.example.org:587' })
        .regex(/^smtps?:\/\/[^\s]+$/, {
          error: 'an SMTP address such as smtp://user:${SMTP_PASSWORD}@mail.example.org:587',
        })
        .optional()
        .meta({ description: 'The mail server. ${NAME} is resolved when mail is sent.' }),
      sendmail: oneOrMore(z.string().min(1), 'a program, or a list of a program and its arguments')
        .optional()
        .meta({ description: 'A program that takes the message on standard input, in place of smtp.' }),
    },
    { error: 'a mapping with from:, to: and either smtp: or sendmail:' },
  )
  .meta({ description: 'How people are told, by mail. Without it a report goes to standard error.' });

const part = {
  version: z
    .literal(1, { error: '1, the version of this format' })
    .meta({ description: 'The version of this format.' }),
  timezone: timezone.optional(),
  defaults: defaults.optional(),
  env: environment.optional(),
  'env-file': envFile.optional(),
  jobs: jobs.optional(),
};

/** A file that another one includes. */
export const includedFile = z.strictObject({ ...part, version: part.version.optional() }, { error: 'a mapping' });

/** The jobs file itself. */
export const jobsFile = z
  .strictObject(
    {
      ...part,
      project: name.optional().meta({ description: 'The project, first part of each full name.', default: 'main' }),
      include: oneOrMore(path, 'a path or a list of paths')
        .optional()
        .meta({ description: 'Further files; * stands for any characters of a file name.' }),
      mail: mail.optional(),
      moved: z
        .record(name, name, { error: 'a mapping of old names of jobs to new ones' })
        .optional()
        .meta({ description: 'Jobs with another name now: the old name, then the new one. Their histories go along.' }),
    },
    { error: 'a mapping with version: 1 and jobs:' },
  )
  .meta({ title: 'cronwright jobs file', description: 'The jobs of one project, installed by cronwright sync.' });

export type JobsFile = z.infer<typeof jobsFile>;
export type IncludedFile = z.infer<typeof includedFile>;
export type JobEntry = z.infer<typeof job>;
export type Defaults = z.infer<typeof defaults>;
export type MailEntry = z.infer<typeof mail>;

/** A file's shape: the jobs file itself, or one that it includes. */
export type Shape = typeof jobsFile | typeof includedFile;

/** What the schema objects to, with the path to it. Its message is what is expected there. */
export type Issue = NonNullable<ReturnType<Shape['safeParse']>['error']>['issues'][number];

/** Everything that the schema objects to in a value. */
export function shapeIssues(value: unknown, shape: Shape): readonly Issue[] {
  return shape.safeParse(value).error?.issues ?? [];
}

/** The JSON Schema (draft 2020-12) of a shape. */
export function jsonSchema(shape: Shape = jobsFile): JsonSchema {
  return z.toJSONSchema(shape, { io: 'input' }) as JsonSchema;
}

/** As much of a JSON Schema as the program reads itself. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly description?: string;
  readonly required?: readonly string[];
}

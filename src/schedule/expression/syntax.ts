import cronValidate from 'cron-validate';
import { notationOf, parseSchedule } from '../parse.ts';
import type { FieldName, ScheduleProblem } from '../schedule.ts';
import { type DayElement, readDay } from './day-element.ts';
import { columns } from './expression.ts';
import { fieldNames, fieldRanges } from './field-range.ts';
import type { Flaw } from './flaw.ts';
import { hashed } from './hash-expression.ts';

type Preset = Exclude<NonNullable<NonNullable<Parameters<typeof cronValidate.default>[1]>['preset']>, string>;

/** crontab(5) as cron-validate can say it. Its own default has a day 0 and a month 0, and knows no names. */
const crontab5: Preset = {
  presetId: 'crontab5',
  useSeconds: false,
  useYears: false,
  useAliases: true,
  useBlankDay: false,
  allowOnlyOneBlankDayField: false,
  allowStepping: true,
  mustHaveBlankDayField: false,
  useLastDayOfMonth: false,
  useLastDayOfWeek: false,
  useNearestWeekday: false,
  useNthWeekdayOfMonth: false,
  seconds: { minValue: 0, maxValue: 59 },
  minutes: { minValue: 0, maxValue: 59 },
  hours: { minValue: 0, maxValue: 23 },
  daysOfMonth: { minValue: 1, maxValue: 31 },
  months: { minValue: 1, maxValue: 12 },
  daysOfWeek: { minValue: 0, maxValue: 7 },
  years: { minValue: 1970, maxValue: 2099 },
};

const verdicts = new Map<string, ScheduleProblem | undefined>();

/**
 * What is wrong with a schedule, asked of our own parser and, for five fields, of cron-validate as well. Our problem
 * wins, because it has a place. For `validate` and `sync`: the import costs more than a run of the wrapper may.
 */
export function checkExpression(text: string): ScheduleProblem | undefined {
  if (!verdicts.has(text)) verdicts.set(text, examine(text));
  return verdicts.get(text);
}

function examine(text: string): ScheduleProblem | undefined {
  const parsed = parseSchedule(text);
  if (!parsed.ok) return parsed.problem;
  if (notationOf(text) !== 'fields') return undefined;
  const [objection] = objectionsTo(text);
  return objection === undefined ? undefined : objectionProblem(text, objection);
}

/** What cron-validate has against five fields; empty when nothing. It takes one blank between them and no other. */
export function objectionsTo(text: string): readonly string[] {
  const fields = columns(hashed(text, text) ?? text).map((column, index) =>
    plainElements(column.text, fieldNames[index]),
  );
  const result = cronValidate.default(fields.join(' '), { preset: crontab5 });
  return result.isValid() ? [] : result.getError();
}

/**
 * A field without its days such as `L`, `15W` or `5#3`. cron-validate knows some of them, but none in a list, and neither
 * `L-3` nor `friL`; it is asked about the rest.
 */
function plainElements(field: string, name: FieldName | undefined): string {
  if (name !== 'dayOfMonth' && name !== 'dayOfWeek') return field;
  const elements = field.split(',');
  const plain = elements.filter((element) => !isSound(readDay(element, name, fieldRanges[name])));
  return plain.length === elements.length ? field : plain.join(',') || '*';
}

function isSound(day: DayElement | Flaw | undefined): boolean {
  return day !== undefined && !('code' in day);
}

const validatorNames = ['minutes', 'hours', 'daysOfMonth', 'months', 'daysOfWeek'] as const;

/** A message of cron-validate as a problem: it spans the field that the message names, or else the text. */
export function objectionProblem(text: string, objection: string): ScheduleProblem {
  const message = objection.replace(/ \(Input cron: .*\)$/s, '');
  const index = validatorNames.findIndex((name) => new RegExp(`\\b${name}\\b`).test(message));
  const column = columns(text)[index] ?? { offset: 0, text };
  const length = Math.max(1, column.text.length);
  return { offset: column.offset, length, code: 'schedule-syntax', message, hint: undefined };
}

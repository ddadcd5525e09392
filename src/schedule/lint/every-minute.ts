import type { Fields } from '../schedule.ts';
import { joined, runsOf } from '../words/lists.ts';
import type { FieldsCase, FieldsRemark } from './case.ts';
import { rewritten } from './fields-text.ts';

/** `* 3 * * *`: whoever means three o'clock gets sixty starts. Hours in a row are taken as meant. */
export function everyMinute({ fields, columns }: FieldsCase): FieldsRemark | undefined {
  if (columns.length === 0 || fields.minute.values.length < 60) return undefined;
  const hours = fields.hour.values;
  if (hours.length === 24) return namesSingleDays(fields) ? ofDays(columns) : undefined;
  if (!isScattered(hours)) return undefined;
  const one = hours.length === 1;
  const shown = one ? `hour ${hours[0]}` : `hours ${joined(hours.map(String))}`;
  const message = `found ${columns[0]?.text} in the minute field: it runs at every minute of the ${shown}, ${60 * hours.length} times a day`;
  const hint = `to run once in ${one ? 'that hour' : 'each'} write ${rewritten(columns, { 0: '0' })}`;
  return { code: 'every-minute', message, hint, at: [0, 1] };
}

function ofDays(columns: FieldsCase['columns']): FieldsRemark {
  const message = `found ${columns[0]?.text} in the minute and ${columns[1]?.text} in the hour field: it runs at every minute of its days, 1440 times each`;
  return {
    code: 'every-minute',
    message,
    hint: `to run once on each day write ${rewritten(columns, { 0: '0', 1: '0' })}`,
    at: [0, 1],
  };
}

function namesSingleDays({ dayOfMonth, dayOfWeek }: Fields): boolean {
  const [month, week] = [dayOfMonth.values, dayOfWeek.values];
  const weekend = week.includes(0) && week.includes(6);
  return (month.length < 31 && isScattered(month)) || (week.length < 7 && isScattered(week) && !weekend);
}

/** No value is the neighbour of another. */
function isScattered(values: readonly number[]): boolean {
  return runsOf(values).every(({ length }) => length === 1);
}

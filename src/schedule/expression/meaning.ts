import type { Fields, Interval } from '../schedule.ts';
import { readFields } from './expression.ts';

/** What a phrase or a nickname stands for. */
export type Meaning =
  | { readonly kind: 'calendar'; readonly fields: Fields }
  | { readonly kind: 'interval'; readonly interval: Interval };

type Beyond = Pick<Fields, 'extra' | 'between'> | undefined;

/** Five fields of our own making, with what goes beyond them; a problem in them is a bug. */
export function calendarMeaning(text: string, beyond?: Beyond): Extract<Meaning, { kind: 'calendar' }> {
  const read = readFields(text);
  if (!read.ok) throw new Error(`${text} was compiled from a schedule: ${read.problem.message}`);
  return { kind: 'calendar', fields: { ...read.fields, ...beyond } };
}

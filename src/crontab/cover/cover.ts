import { fieldRanges } from '../../schedule/expression/field-range.ts';
import type { Field, FieldName, Fields } from '../../schedule/schedule.ts';

/** Every value of each field, ascending; Sunday is 0 alone. */
export const allValues: Readonly<Record<FieldName, readonly number[]>> = {
  minute: from(fieldRanges.minute),
  hour: from(fieldRanges.hour),
  dayOfMonth: from(fieldRanges.dayOfMonth),
  month: from(fieldRanges.month),
  dayOfWeek: from({ low: 0, high: 6 }),
};

function from({ low, high }: { readonly low: number; readonly high: number }): readonly number[] {
  return Array.from({ length: high - low + 1 }, (_, index) => low + index);
}

/** The minutes at which a gap of daylight saving ends, in every zone that has one. */
const gapEnds: Field = { star: false, values: [0, 30] };

/**
 * One set of fields that is due whenever one of several is, and perhaps oftener. It follows the clock through a change of
 * daylight saving as they do, crontab(5): fixed times in a gap run once just after it, wildcard ones are left out.
 */
export function coveringFields(all: readonly [Fields, ...Fields[]]): Fields {
  if (all.length === 1) return all[0];
  const fixed = all.filter(isFixed).length;
  const mixed = fixed > 0 && fixed < all.length;
  return mixed ? clockCover(all) : plainCover(all);
}

/** Of one manner, all fixed or all wildcard, and so is the union: it is a star where one of its parts is. */
function plainCover(all: readonly [Fields, ...Fields[]]): Fields {
  return {
    minute: union(all.map((fields) => fields.minute)),
    hour: union(all.map((fields) => fields.hour)),
    month: union(all.map((fields) => fields.month)),
    ...coveringDays(all),
  };
}

/**
 * A wildcard cover, for cron does not make up for it after a gap: it must itself be due when the gap ends, for the fixed
 * times that fell in. That can be at any hour, and at midnight on the day after, in another month (Nuuk, 23:00 to 00:00).
 */
function clockCover(all: readonly [Fields, ...Fields[]]): Fields {
  const { dayOfMonth, dayOfWeek } = coveringDays(all);
  return {
    minute: union([...all.map((fields) => fields.minute), gapEnds]),
    hour: any('hour'),
    month: any('month'),
    ...(isFull(dayOfMonth, 'dayOfMonth') ? { dayOfMonth, dayOfWeek: withDayAfter(dayOfWeek) } : anyDay),
  };
}

function withDayAfter(days: Field): Field {
  return union([days, { star: false, values: days.values.map((day) => (day + 1) % 7) }]);
}

type Days = Pick<Fields, 'dayOfMonth' | 'dayOfWeek'>;

const anyDay: Days = { dayOfMonth: any('dayOfMonth'), dayOfWeek: any('dayOfWeek') };

function coveringDays(all: readonly [Fields, ...Fields[]]): Days {
  const { dayOfMonth, dayOfWeek } = all[0];
  if (all.every((days) => sameField(days.dayOfMonth, dayOfMonth) && sameField(days.dayOfWeek, dayOfWeek))) {
    return { dayOfMonth, dayOfWeek };
  }
  if (all.every((days) => isRestrictedBy(days, 'dayOfWeek'))) {
    return { ...anyDay, dayOfWeek: union(all.map((days) => days.dayOfWeek)) };
  }
  if (all.every((days) => isRestrictedBy(days, 'dayOfMonth'))) {
    return { ...anyDay, dayOfMonth: union(all.map((days) => days.dayOfMonth)) };
  }
  return anyDay;
}

/** Whether one day field alone decides. Without a star the two are joined by "or", and a full one means every day. */
function isRestrictedBy({ dayOfMonth, dayOfWeek }: Days, name: keyof Days): boolean {
  if (!dayOfMonth.star && !dayOfWeek.star) return false;
  return name === 'dayOfWeek' ? isFull(dayOfMonth, 'dayOfMonth') : isFull(dayOfWeek, 'dayOfWeek');
}

/** A fixed time of day, in the words of cron(8): no `*` at the start of the minute or hour. */
function isFixed({ minute, hour }: Fields): boolean {
  return !minute.star && !hour.star;
}

function union(fields: readonly Field[]): Field {
  const values = new Set(fields.flatMap((field) => field.values));
  return { star: fields.some((field) => field.star), values: [...values].sort((a, b) => a - b) };
}

function sameField(a: Field, b: Field): boolean {
  return a.star === b.star && a.values.join() === b.values.join();
}

function isFull(field: Field, name: FieldName): boolean {
  return field.values.length === allValues[name].length;
}

/** A `*`. */
export function any(name: FieldName): Field {
  return { star: true, values: allValues[name] };
}

import { createRequire } from 'node:module';
import type Ical from 'ical.js';
import { errorMessage, UserError } from '../errors.ts';
import { isDate } from './date.ts';
import { mergedSpans } from './date-spans.ts';
import type { DateSpan } from './job.ts';

/** Events that come again are followed to the end of this year, or to so many times of one, of all. */
const lastYear = 2040;
const mostOfOne = 5_000;
const mostOfAll = 50_000;
/** A rule that matches nothing would be tried for ever: so many moments of all rules are, which takes about a second. */
const mostTries = 500_000;
const longestName = 100;

type Component = InstanceType<typeof Ical.Component>;
type Event = InstanceType<typeof Ical.Event>;
type Time = InstanceType<typeof Ical.Time>;

let library: typeof Ical | undefined;
let tries = 0;

/** Loaded when there is a calendar to read: few jobs have one. */
function loaded(): typeof Ical {
  library ??= bounded(createRequire(import.meta.url)('ical.js') as typeof Ical);
  return library;
}

/** The library looks for the next time of a rule without an end, already where it makes an iterator. */
function bounded(ical: typeof Ical): typeof Ical {
  const { prototype } = ical.RecurIterator;
  const check = prototype.check_contracting_rules;
  prototype.check_contracting_rules = function (this: typeof prototype) {
    if (++tries > mostTries) throw new Error('its rules name a time too seldom among those they go through');
    return this.last.year > lastYear || check.call(this);
  };
  return ical;
}

/**
 * The dates of the events of an iCalendar text (RFC 5545), in their order, with the events' summaries as names. An event
 * with times counts for each date that it touches on the clock it was written for; a cancelled one does not count. The
 * same text has the same dates at any time: what comes again for ever is followed to the end of 2040.
 * @throws UserError when the text is none, or one of its events cannot be read.
 */
export function datesOfCalendar(text: string): readonly DateSpan[] {
  const { Component } = loaded();
  tries = 0;
  const calendars = parse(text).map((data) => new Component(data));
  const events = calendars.flatMap((calendar) => calendar.getAllSubcomponents('vevent'));
  const spans: DateSpan[] = [];
  for (const { event, changes } of seriesOf(events)) {
    for (const span of spansOf(event, changes)) {
      spans.push(span);
      if (spans.length > mostOfAll) throw tooMany();
    }
  }
  return mergedSpans(spans);
}

type Jcal = ConstructorParameters<typeof Ical.Component>[0];

/** A file may hold several calendars, one after the other. */
function parse(text: string): readonly Jcal[] {
  const plain = text.replace(/^\uFEFF?\s*/, '');
  const hint = 'expected a calendar as calendar programs export it, which begins with BEGIN:VCALENDAR';
  if (!/^BEGIN:VCALENDAR\s*$/im.test(plain.slice(0, 1_000))) throw new UserError('it is no iCalendar text', hint);
  try {
    const parsed: unknown = loaded().parse(plain.replace(bareDate, '$1;VALUE=DATE:'));
    return Array.isArray(parsed) && Array.isArray(parsed[0]) ? parsed : [parsed as Jcal];
  } catch (error) {
    throw new UserError(`it cannot be read: ${oneLine(errorMessage(error))}`, hint);
  }
}

/** A date that is not said to be one, which strictly would be a time, as some programs write it. */
const bareDate = /^(DTSTART|DTEND|RDATE|EXDATE|RECURRENCE-ID):(?=\d{8}(?:,\d{8})*\s*$)/gim;

/** An event, and what was changed of its single times. */
interface Series {
  readonly event: Component;
  readonly changes: readonly Component[];
}

/** A change without its event, as an export of a part has it, stands for itself. */
function seriesOf(events: readonly Component[]): readonly Series[] {
  const byUid = Map.groupBy(events, (event) => event.getFirstPropertyValue('uid') ?? event);
  return [...byUid.values()].flatMap((group) => {
    const isChange = (event: Component) => event.hasProperty('recurrence-id');
    const changes = group.filter(isChange);
    const whole = group.filter((event) => !isChange(event));
    if (whole.length === 0) return changes.map((event) => ({ event, changes: [] }));
    return whole.map((event) => ({ event, changes }));
  });
}

function spansOf(component: Component, changes: readonly Component[]): readonly DateSpan[] {
  if (isCancelled(component)) return [];
  try {
    checkStart(component);
    const event = new (loaded().Event)(component, { exceptions: [...changes] });
    return event.isRecurring() ? recurringSpans(event) : [spanOf(event.startDate, event.endDate, component)];
  } catch (error) {
    const name = nameOf(component);
    const which = name === '' ? 'an event' : `the event ${JSON.stringify(name)}`;
    throw new UserError(`${which} cannot be read: ${oneLine(errorMessage(error))}`, 'mend or remove it in the file');
  }
}

/** The library would take 1 January for the thirteenth month. */
function checkStart(component: Component): void {
  const written = String(component.getFirstProperty('dtstart')?.toJSON()[3] ?? '');
  if (!isDate(written.slice(0, 10))) throw new Error(`found the start ${JSON.stringify(written)}, expected a date`);
}

function recurringSpans(event: Event): readonly DateSpan[] {
  const spans: DateSpan[] = [];
  const times = event.iterator();
  for (let count = 0; count < mostOfOne; count++) {
    const time: Time | undefined = times.next();
    if (!time || time.year > lastYear) break;
    const { item, startDate, endDate } = event.getOccurrenceDetails(time);
    if (isOverflow(event, time) || isCancelled(item.component)) continue;
    spans.push(spanOf(startDate, endDate, item.component));
  }
  return spans;
}

/** RFC 5545 leaves out a date that a year does not have; the library takes 1 March for 29 February. */
function isOverflow({ component, startDate }: Event, time: Time): boolean {
  if (startDate.month !== 2 || startDate.day !== 29 || time.month !== 3 || time.day !== 1) return false;
  const rule = String(component.getFirstPropertyValue('rrule') ?? '');
  return /FREQ=YEARLY/.test(rule) && !/;BY/.test(rule);
}

function isCancelled(event: Component): boolean {
  return String(event.getFirstPropertyValue('status') ?? '').toUpperCase() === 'CANCELLED';
}

/** The end of an event is the first date, or the first moment, that is no longer its own. */
function spanOf(start: Time, end: Time, event: Component): DateSpan {
  const from = dateOf(start);
  const isMidnight = end.isDate || (end.hour === 0 && end.minute === 0 && end.second === 0);
  const last = end.clone();
  if (isMidnight && dateOf(end) > from) last.adjust(-1, 0, 0, 0);
  const to = dateOf(last);
  if (!isDate(from) || !isDate(to)) throw new Error(`it has no date but ${from} to ${to}`);
  return { from, to: to < from ? from : to, name: nameOf(event) };
}

function dateOf({ year, month, day }: Time): string {
  const digits = (value: number, length: number) => String(value).padStart(length, '0');
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}

function nameOf(event: Component): string {
  return oneLine(String(event.getFirstPropertyValue('summary') ?? ''));
}

function oneLine(text: string): string {
  const plain = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return plain.length > longestName ? `${plain.slice(0, longestName - 1)}…` : plain;
}

function tooMany(): UserError {
  const message = `its events have more than ${mostOfAll.toLocaleString('en')} dates`;
  return new UserError(message, 'name a calendar of holidays, without the appointments of a person');
}

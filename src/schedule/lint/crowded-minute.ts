import { dateMatches, minuteMs } from '../calendar/wall.ts';
import { wallAt, wallText } from '../calendar/wall-instant.ts';
import type { Fields } from '../schedule.ts';
import type { Case, Entry, Remark } from './case.ts';
import { dateOf, timeOf } from './changes.ts';
import { few } from './few.ts';

/** As many jobs may start together without a word. */
const bearable = 10;
/** Who names more minutes of an hour has a rhythm, and shares each minute with somebody. */
const mostMinutes = 12;
const dayMs = 1_440 * minuteMs;
/** Days on which a crowd is looked for; one for each bit of a number. */
const days = 31;
/** Of the most crowded times so many are counted day by day. */
const mostTimes = 48;

/** Jobs with the same schedule in the same zone. */
interface Group {
  readonly fields: Fields;
  readonly members: { readonly judged: Case; readonly entry: Entry }[];
}

/** A minute of the day at which groups meet, on one of the days to come. */
interface Crowd {
  readonly groups: readonly Group[];
  /** Wall time. */
  readonly wall: number;
  readonly size: number;
}

/** The minute within a month at which most jobs start, where they are many: one finding for a project. */
export function crowdedMinute(cases: readonly Case[]): readonly Remark[] {
  const [one] = cases;
  if (one === undefined || cases.length <= bearable) return [];
  const masks = new Map<string, number>();
  const today = Math.floor(wallAt(one.now, one.zone) / dayMs);
  const meetings = [...timesOf(groupsOf(cases))].map(([key, groups]) => ({ time: Number(key.split(' ', 1)), groups }));
  const crowded = meetings.filter(({ groups }) => sizeOf(groups) > bearable);
  const crowds = crowded
    .sort((a, b) => sizeOf(b.groups) - sizeOf(a.groups) || a.time - b.time)
    .slice(0, mostTimes)
    .map(({ time, groups }) => busiest(groups, today, time, masks))
    .filter(({ size }) => size > bearable);
  const [worst] = crowds.sort((a, b) => b.size - a.size || a.wall - b.wall);
  return worst === undefined ? [] : [remark(worst, crowds.length - 1)];
}

/** Schedules that nothing spreads yet. */
function groupsOf(cases: readonly Case[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const judged of cases.filter(({ job }) => job.jitter.offset + job.jitter.delay === 0)) {
    for (const entry of judged.entries) {
      const fields = togetherFields(entry);
      if (fields === undefined) continue;
      const key = `${judged.zone.name} ${entry.key}`;
      const group = groups.get(key) ?? { fields, members: [] };
      group.members.push({ judged, entry });
      groups.set(key, group);
    }
  }
  return groups.values();
}

/** The fields of a schedule that keeps to a few minutes of the hour, which nothing but its text decides. */
function togetherFields({ schedule, isHashed }: Entry): Fields | undefined {
  if (isHashed || schedule.kind !== 'calendar') return undefined;
  return schedule.fields.minute.values.length > mostMinutes ? undefined : schedule.fields;
}

/** The groups that name a time of day in a zone, by both. */
function timesOf(groups: Iterable<Group>): Map<string, Group[]> {
  const times = new Map<string, Group[]>();
  for (const group of groups) {
    const zone = group.members[0]?.judged.zone.name;
    for (const hour of group.fields.hour.values) {
      for (const minute of group.fields.minute.values) {
        const key = `${hour * 60 + minute} ${zone}`;
        const found = times.get(key);
        if (found) found.push(group);
        else times.set(key, [group]);
      }
    }
  }
  return times;
}

function sizeOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { members }) => sum + members.length, 0);
}

/** The day on which most of them meet. */
function busiest(groups: readonly Group[], today: number, time: number, masks: Map<string, number>): Crowd {
  const counts = Array.from({ length: days }, (_, index) => {
    const there = groups.filter((group) => (maskOf(group, today, masks) >>> index) & 1);
    return { there, size: sizeOf(there), wall: (today + index) * dayMs + time * minuteMs };
  });
  const best = counts.reduce((a, b) => (b.size > a.size ? b : a));
  return { groups: best.there, size: best.size, wall: best.wall };
}

/** On which of the days to come fields fit, a bit for each. */
function maskOf({ fields }: Group, today: number, masks: Map<string, number>): number {
  const { dayOfMonth, month, dayOfWeek, extra } = fields;
  const key = JSON.stringify([dayOfMonth, month, dayOfWeek, extra]);
  const known = masks.get(key);
  if (known !== undefined) return known;
  let mask = 0;
  for (let index = 0; index < days; index++) if (dateMatches(fields, today + index)) mask |= 1 << index;
  masks.set(key, mask);
  return mask;
}

function remark({ groups, wall, size }: Crowd, others: number): Remark {
  const members = groups.flatMap((group) => group.members);
  const names = [...new Set(members.map(({ judged }) => judged.job.name))];
  const [first] = members;
  const more = others === 0 ? '' : `; ${others} other minute${others === 1 ? ' is' : 's are'} full too`;
  const message = `found ${size} jobs that start at ${timeOf(wall)} in ${first?.judged.zone.name}, on ${dateOf(wall)} for one: ${few(names)}${more}`;
  const hour = Number(wallText(wall).slice(11, 13));
  const hint = `let those that may begin later choose a minute by their names, "H ${hour} * * *", or spread them with jitter: 15m`;
  return { code: 'crowded-minute', job: undefined, message, hint, place: () => placeOf(first) };
}

function placeOf(member: Group['members'][number] | undefined) {
  if (member === undefined) throw new Error('a crowd has nobody in it');
  const { text, place } = member.entry.written;
  return place(0, text.length);
}

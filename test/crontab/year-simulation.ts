import type { CronName } from '../../src/crontab/cron/cron.ts';
import { crons } from '../../src/crontab/cron/crons.ts';
import { jobLines } from '../../src/crontab/line.ts';
import type { Job } from '../../src/job/job.ts';
import { dueSlot } from '../../src/launch/slot.ts';
import { calendarOf } from '../../src/schedule/calendar/job-calendar.ts';
import { namedZone, type Zone } from '../../src/schedule/zone/zone.ts';
import { twins } from './year.ts';
import { candidates, expectedSlots, isShownAgain, type Stretch, type Twin, type YearHost } from './year-model.ts';

const minuteMs = 60_000;
const lateness = 5 * minuteMs;
const launcher = { path: '/usr/bin/cronwright', state: undefined };

/** What is simulated: each twin in each of the zones, on each of the hosts, through the year. */
export interface Task {
  readonly zones: readonly string[];
  readonly hosts: readonly (readonly [zone: string, cron: CronName])[];
  readonly year: Stretch;
}

/** What it found: how much it looked at, and in words what was wrong. */
export interface Finding {
  slots: number;
  wakings: number;
  asked: number;
  readonly faults: string[];
}

/**
 * Lives through the year: every slot has to be a minute at which the job's line wakes the wrapper, and the wrapper has to
 * know each waking for what it is. A slot that is served at its own minute is taken, and no later waking can serve it.
 */
export function simulate(task: Task): Finding {
  const simulation = new Simulation(task);
  for (const name of task.zones) for (const twin of twins) simulation.follow(twin, name);
  return simulation.finding;
}

class Simulation {
  readonly finding: Finding = { slots: 0, wakings: 0, asked: 0, faults: [] };
  readonly #hosts: readonly YearHost[];
  readonly #year: Stretch;

  constructor({ hosts, year }: Task) {
    this.#hosts = hosts.map(([name, cron]) => ({ zone: namedZone(name), cron }));
    this.#year = year;
  }

  follow(twin: Twin, name: string): void {
    const zone = namedZone(name);
    const job = { ...twin.job, timezone: name } as Job;
    const { from, to } = this.#year;
    const slots = Float64Array.from(calendarOf(job, zone).slots(from - 1, to - 1));
    const other = difference(expectedSlots(twin, zone, this.#year), slots);
    if (other !== undefined) this.#fault(job, { zone, cron: 'debian' }, `the calendar differs at ${instant(other)}`);
    this.finding.slots += slots.length * this.#hosts.length;
    for (const host of this.#hosts) this.#wake(job, slots, host);
  }

  #wake(job: Job, slots: Float64Array, host: YearHost): void {
    const [line = ''] = jobLines(job, launcher, { zone: host.zone, at: this.#year.from, cron: crons[host.cron] });
    const woken = candidates(line, host, this.#year);
    this.finding.wakings += woken.length;
    const uncovered = firstMissing(wakeable(slots, host), woken);
    if (uncovered !== undefined) this.#fault(job, host, `no line is due at ${instant(uncovered)}: ${line}`);
    for (const at of this.#asked(woken, [host.zone, namedZone(job.timezone)])) {
      this.finding.asked++;
      const [found, wanted] = [dueSlot(job, host.zone, at)?.slot, served(slots, at)];
      if (found === wanted) continue;
      this.#fault(job, host, `woken at ${instant(at)} it serves ${instant(found)}, not ${instant(wanted)}`);
    }
  }

  /** Some wakings all over the year, and those around each change of a clock. */
  #asked(woken: Float64Array, clocks: readonly Zone[]): readonly number[] {
    const spread = Array.from({ length: 12 }, (_, index) => woken[Math.floor((woken.length * index) / 12)] ?? 0);
    const near = clocks
      .flatMap((clock) => this.#changes(clock))
      .flatMap((change) => {
        const first = firstFrom(woken, change - 120 * minuteMs);
        return [...woken.subarray(first, first + 20)];
      });
    return [...spread, ...near].filter((at) => at - lateness >= this.#year.from);
  }

  #changes(zone: Zone): readonly number[] {
    const found: number[] = [];
    for (let span = zone.spanAt(this.#year.from); span.end < this.#year.to; span = zone.spanAt(span.end)) {
      const next = zone.spanAt(span.end);
      if (next.offset !== span.offset) found.push(span.end);
    }
    return found;
  }

  #fault({ timezone, schedule }: Job, { zone, cron }: YearHost, words: string): void {
    this.finding.faults.push(`${schedule.join(' + ')} in ${timezone} on a host in ${zone.name} with ${cron}: ${words}`);
  }
}

/** All but those at which the cron of the host starts nothing, whatever the line. */
function wakeable(slots: Float64Array, { zone, cron }: YearHost): Float64Array {
  return cron === 'systemd-cron' ? slots.filter((slot) => !isShownAgain(zone, slot)) : slots;
}

/** The slot that a waking is for: the latest, if it is not too long ago. */
function served(slots: Float64Array, at: number): number | undefined {
  const latest = slots[firstFrom(slots, at + 1) - 1];
  return latest !== undefined && latest >= at - lateness ? latest : undefined;
}

function instant(at: number | undefined): string {
  return at === undefined ? 'nothing' : new Date(at).toISOString();
}

function difference(a: Float64Array, b: Float64Array): number | undefined {
  if (a.length === b.length && a.every((value, index) => value === b[index])) return undefined;
  return firstMissing(a, b) ?? firstMissing(b, a);
}

/** The first of some ascending numbers that is not among others. */
function firstMissing(wanted: Float64Array, others: Float64Array): number | undefined {
  let place = 0;
  for (const value of wanted) {
    while ((others[place] ?? Number.POSITIVE_INFINITY) < value) place++;
    if (others[place] !== value) return value;
  }
  return undefined;
}

function firstFrom(ascending: Float64Array, at: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

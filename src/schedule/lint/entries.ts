import type { Job } from '../../job/job.ts';
import type { Written } from '../../job/written.ts';
import { type Column, columns } from '../expression/expression.ts';
import { isSpread } from '../expression/hash-element.ts';
import { notationOf, parseSchedule } from '../parse.ts';
import type { Schedule } from '../schedule.ts';
import type { Entry } from './case.ts';

type Reading = Omit<Entry, 'written'>;

/** Reads the schedules of jobs, each text once. */
export class Entries {
  readonly #readings = new Map<string, Reading>();

  of({ id }: Job, expressions: readonly Written[]): readonly Entry[] {
    return expressions.map((written) => ({ written, ...this.#reading(written.text, id) }));
  }

  #reading(text: string, name: string): Reading {
    const known = this.#readings.get(text);
    if (known !== undefined) return known;
    const found = notationOf(text) === 'fields' ? columns(text) : [];
    const isHashed = found.some(hasSpread);
    const reading = { columns: found, isHashed, key: isHashed ? `${text} ${name}` : text, schedule: read(text, name) };
    if (!isHashed) this.#readings.set(text, reading);
    return reading;
  }
}

function hasSpread({ text }: Column): boolean {
  return text.split(',').some(isSpread);
}

function read(text: string, name: string): Schedule {
  const parsed = parseSchedule(text, name);
  if (parsed.ok) return parsed.schedule;
  throw new Error(`a schedule was judged that cannot be read: ${text}`);
}

import type { Source } from './document.ts';
import type { Place } from './problem.ts';
import type { Path } from './tree.ts';

/** A text as it stands in a file, with the way to the place of its characters. */
export interface Written {
  readonly text: string;
  place(offset: number, length: number): Place;
}

/** The jobs mapping as far as there is one, whatever else is wrong with the file. */
export function jobsOf(source: Source): Readonly<Record<string, unknown>> {
  return partOf(source.value, 'jobs');
}

/** A mapping within another, or an empty one. */
export function partOf(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const part = isRecord(value) ? value[key] : undefined;
  return isRecord(part) ? part : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every schedule expression of a file that is a text, by the names of its jobs. */
export function expressionsOf(source: Source): ReadonlyMap<string, readonly Written[]> {
  return new Map(Object.entries(jobsOf(source)).map(([name, job]) => [name, expressionsOfJob(source, name, job)]));
}

function expressionsOfJob(source: Source, name: string, job: unknown): readonly Written[] {
  const schedule = isRecord(job) ? job.schedule : undefined;
  const path = ['jobs', name, 'schedule'];
  return Array.isArray(schedule)
    ? schedule.flatMap((text, index) => written(source, [...path, index], text))
    : written(source, path, schedule);
}

/** Every name of a time zone in a file that is a text: the file's, that of its defaults and those of its jobs. */
export function zonesOf(source: Source): readonly Written[] {
  const ofJobs = Object.entries(jobsOf(source)).flatMap(([name, job]) => zoneIn(source, ['jobs', name], job));
  const ofAll = zoneIn(source, ['defaults'], partOf(source.value, 'defaults'));
  return [...zoneIn(source, [], source.value), ...ofAll, ...ofJobs];
}

function zoneIn(source: Source, path: Path, said: unknown): readonly Written[] {
  return isRecord(said) && said.timezone !== undefined ? written(source, [...path, 'timezone'], said.timezone) : [];
}

function written(source: Source, path: Path, text: unknown): readonly Written[] {
  if (typeof text !== 'string') return [];
  return [{ text, place: (offset, length) => source.place(path, { offset, length }) }];
}

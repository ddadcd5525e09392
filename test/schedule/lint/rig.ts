import { readTimetable } from '../../../src/schedule/timetable.ts';
import { namedZone } from '../../../src/schedule/zone/zone.ts';
import { writeFile } from '../../temporary.ts';

/** A Tuesday in winter. */
export const now = Date.parse('2026-11-24T09:00:00Z');

/** What `validate` finds: a line of the characters that are marked and the code, and the words for it. */
export interface Found {
  readonly where: string;
  readonly message: string;
  readonly hint: string | undefined;
}

let count = 0;

/** The findings in a jobs file, judged in November 2026 on a host in Berlin. */
export function findings(directory: string, text: string, zone = 'Europe/Berlin'): readonly Found[] {
  count += 1;
  const file = writeFile(directory, `jobs-${count}.yaml`, `version: 1\n${text}`);
  const { problems } = readTimetable(file, { at: now, zone: namedZone(zone) });
  return problems.map(({ source, line, column, length, code, message, hint }) => {
    return { where: `${line}: ${source.slice(column - 1, column - 1 + length)} ${code}`, message, hint };
  });
}

/** The findings in one job with a schedule and some settings. */
export function ofJob(directory: string, schedule: string, settings = '', zone?: string): readonly Found[] {
  const more = settings === '' ? '' : `, ${settings}`;
  return findings(directory, `jobs:\n  a: { schedule: ${JSON.stringify(schedule)}, command: "true"${more} }\n`, zone);
}

/** The codes alone. */
export function codes(found: readonly Found[]): readonly string[] {
  return found.map(({ where }) => where.slice(where.lastIndexOf(' ') + 1));
}

import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { skipWithout } from '../schedule/requirement.ts';

const python = '/usr/bin/python3';
const present = spawnSync(python, ['-c', 'import icalendar']).status === 0;

/** Why what needs a reader of calendars that is not ours is skipped, or false. */
export const skipWithoutReader = skipWithout(present, 'python3-icalendar');

/** A calendar as that reader has it. */
export interface ReadCalendar {
  readonly version: string;
  readonly events: readonly {
    readonly uid: string;
    /** ISO 8601 with offset. */
    readonly start: string;
    readonly stamp: string;
    readonly summary: string;
    readonly description: string;
    readonly categories: readonly string[];
  }[];
}

export function readCalendar(text: string): ReadCalendar {
  const script = join(import.meta.dirname, 'read-calendar.py');
  return JSON.parse(execFileSync(python, [script], { input: text, maxBuffer: 2 ** 26 }).toString()) as ReadCalendar;
}

import type { Flaw } from './expression/flaw.ts';
import type { ScheduleCode, ScheduleProblem } from './schedule.ts';

/** A flaw at its place in the whole text, its hint showing the text as it should read. */
export function problemOf(text: string, flaw: Flaw): ScheduleProblem {
  const { offset, length } = within(text, flaw.offset, flaw.length);
  return { offset, length, code: flaw.code, message: flaw.message, hint: hintOf(text, flaw) };
}

/** A problem with all of the text. */
export function wholeProblem(text: string, code: ScheduleCode, message: string, hint?: string): ScheduleProblem {
  const lead = text.length - text.trimStart().length;
  return { ...within(text, lead, text.trim().length), code, message, hint };
}

/** The hint that shows a corrected expression. */
export function writeHint(corrected: string): string {
  return `write "${corrected.trim()}"`;
}

/** The corrected expression at the end of a hint. */
export function correctionIn(hint: string | undefined): string | undefined {
  return /write "(.*)"$/s.exec(hint ?? '')?.[1];
}

function hintOf(text: string, { offset, length, instead, advice }: Flaw): string | undefined {
  if (instead === undefined) return advice;
  const write = writeHint(text.slice(0, offset) + instead + text.slice(offset + length));
  return advice === undefined ? write : `${advice}: ${write}`;
}

/** What is missing at the end of a text is marked at its last character. */
function within(text: string, offset: number, length: number): { offset: number; length: number } {
  const start = Math.max(0, Math.min(offset, text.length - 1));
  return { offset: start, length: Math.max(1, length) };
}

import { harmless } from '../layout.ts';
import { count, type Page } from '../page.ts';
import type { HeldView, NewPauseView, PauseView, ResumeView } from '../views.ts';
import { stampMinute } from '../when.ts';

/** What a pause is of: `all jobs`, `the label nightly`, `shop/backup`. */
export function pausedName({ scope, name }: Pick<PauseView, 'scope' | 'name'>): string {
  if (scope === 'all') return 'all jobs';
  return scope === 'label' ? `the label ${name}` : name;
}

/** Who paused it, since when, why and until when: `by ann since 2026-11-24 09:30, until 2026-11-24 18:00: the disk is full`. */
export function pausedWords({ by, since, until, reason }: Omit<PauseView, 'scope' | 'name'>): string {
  const end = until === null ? ', without an end' : `, until ${stampMinute(until)}`;
  return harmless(`by ${by} since ${stampMinute(since)}${end}${reason === '' ? '' : `: ${reason}`}`);
}

/** The command that ends a pause. */
export function resumeCommand({ scope, name }: Pick<PauseView, 'scope' | 'name'>): string {
  return `cronwright resume ${{ all: '--all', label: `--label ${name}`, job: name }[scope]}`;
}

/** What goes on until somebody ends it, each with the command for that. */
export function endless(pauses: readonly PauseView[], { style }: Page): readonly string[] {
  return pauses.map((paused) => {
    const what = `${pausedName(paused)} ${isOrAre(paused)} paused ${pausedWords(paused)}`;
    return `${style.warn(what)}\n  ${style.faint('→')} ${resumeCommand(paused)}`;
  });
}

/** What was paused, and what was so already. */
export function pausedNow(rows: readonly NewPauseView[], { style }: Page): string {
  return rows
    .flatMap((row) => {
      const end = row.until === null ? 'without an end' : `until ${stampMinute(row.until)}`;
      const why = row.reason === '' ? '' : `: ${row.reason}`;
      const done = `${style.strong(pausedName(row))} ${isOrAre(row)} paused ${end}${harmless(why)}`;
      return row.before === null ? [done] : [done, `  paused already ${pausedWords(row.before)}`];
    })
    .join('\n');
}

/** What was resumed, and what is held back all the same. */
export function resumedNow(rows: readonly ResumeView[], { style }: Page): string {
  return rows
    .flatMap((row) => {
      const name = style.strong(pausedName(row));
      const verb = isOrAre(row);
      const done = row.ended === null ? `${name} ${verb} not paused` : `${name} ${verb} resumed`;
      const was = row.ended === null ? '' : `; paused ${pausedWords(row.ended)}`;
      return [`${done}${was}`, ...row.held.map((held) => stillHeld(held, style))];
    })
    .join('\n');
}

function stillHeld({ paused, jobs }: HeldView, { faint }: Page['style']): string {
  const who = jobs.length === 1 ? jobs[0] : count(jobs.length, 'job');
  const are = jobs.length === 1 ? 'is' : 'are';
  const because = paused.scope === 'job' ? '' : `, as ${pausedName(paused)} ${isOrAre(paused)} paused`;
  return `  ${who} ${are} still paused${because} ${pausedWords(paused)}\n    ${faint('→')} ${resumeCommand(paused)}`;
}

function isOrAre({ scope }: Pick<PauseView, 'scope'>): string {
  return scope === 'all' ? 'are' : 'is';
}

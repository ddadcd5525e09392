import { harmless, wrap } from '../layout.ts';
import { count, type Page } from '../page.ts';
import type { WhyReasonView, WhySlotView, WhyView } from '../views.ts';
import { stampMinute } from '../when.ts';

/** Why a job ran or did not: the main reason, what else is known, and what mends it. */
export function why(view: WhyView, page: Page): string {
  const { style, width } = page;
  const head = `${style.strong(view.job)}${style.faint(` ${aboutWords(view)}`)}`;
  const [main, ...others] = view.reasons;
  const parts = [
    head,
    ...(main === undefined ? [] : [reasonText(main, page)]),
    ...(others.length === 0 ? [] : ['', 'Also:', ...others.map((one) => reasonText(one, page, '  '))]),
    ...view.slots.map((one) => slotText(one, width)),
  ];
  return parts.join('\n');
}

function aboutWords({ about, asked, at, timezone }: WhyView): string {
  if (about === 'now') return `now, ${stampMinute(at ?? '')} (${timezone})`;
  const words = about === 'day' ? (asked ?? '') : stampMinute(asked ?? '');
  return `${words} (${timezone})`;
}

function reasonText({ message, evidence, remedy }: WhyReasonView, { width, style }: Page, indent = ''): string {
  const lines = [
    wrap(harmless(message), width, indent),
    ...evidence.map((one) => style.faint(hanging(`· ${harmless(one)}`, width, `${indent}  `))),
    ...(remedy === null ? [] : [hanging(`→ ${harmless(remedy)}`, width, `${indent}  `)]),
  ];
  return lines.join('\n');
}

/** A paragraph whose further lines stand below the text behind its mark. */
function hanging(text: string, width: number, indent: string): string {
  return indent + wrap(text, width, `${indent}  `).trimStart();
}

function slotText({ from, until, count: times, message }: WhySlotView, width: number): string {
  const span = `${timeOf(from)}–${timeOf(until)}, ${count(times, 'time')}, the first of them:`;
  return hanging(`${times === 1 ? timeOf(from) : span}  ${harmless(message)}`, width, '  ');
}

function timeOf(instant: string): string {
  return instant.slice(11, 16);
}

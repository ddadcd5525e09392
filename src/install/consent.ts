import type { Plan } from '../crontab/plan.ts';
import { UserError } from '../errors.ts';
import { digestOf } from '../job/digest.ts';

/** Puts a question to a person, who answers yes or no. */
export type Ask = (question: string) => Promise<boolean>;

/** How far a person has agreed to what sync may take away. */
export interface Consent {
  /** All of it is agreed to: `--yes`, or a plan that was saved and looked at. */
  readonly yes: boolean;
  /** Undefined where nobody is there to answer. */
  readonly ask: Ask | undefined;
  /** The command that shows what would be done, and does nothing. */
  readonly preview: string;
  /** Shows what is asked about. */
  show(plan: Plan): void;
}

/** What a plan takes away, in words that follow `sync would`; empty where it only adds and changes. */
export function losses({ remove, drift, replaced, add }: Plan): readonly string[] {
  const added = new Set(add.map(({ job }) => job));
  const taken = replaced.filter(({ job }) => !added.has(job));
  const lines = new Set(add.flatMap(({ after }) => after?.lines ?? []));
  // What is there and is to be there stays, as where the registry was lost and the table was not.
  const edits = drift.filter(({ kind, found }) => kind !== 'added' || found === null || !lines.has(found));
  return [
    ...(remove.length > 0 ? [`remove ${counted(remove.length, 'job')}`] : []),
    ...(edits.length > 0 ? [changedWords(edits)] : []),
    ...(taken.length > 0 ? [`take out ${counted(taken.length, 'line')} of others`] : []),
  ];
}

/** A plan without what an earlier sync was to take away and did not come to: to that somebody has agreed before. */
export function withoutOwn({
  plan,
  unfinished,
}: {
  readonly plan: Plan;
  readonly unfinished: ReadonlySet<string>;
}): Plan {
  return {
    ...plan,
    drift: unfinished.has(plan.target) ? [] : plan.drift,
    replaced: plan.replaced.filter(({ target }) => !unfinished.has(target)),
  };
}

function changedWords(edits: Plan['drift']): string {
  if (edits.some(({ kind }) => kind === 'block-gone' || kind === 'table-replaced')) {
    return 'put back the block that somebody took out of the table';
  }
  return `put back ${counted(edits.length, 'line')} that somebody changed in the table`;
}

function joined(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Names what a plan takes away, so that consent to it is not taken for consent to another. */
export function lossesDigest(plan: Plan): string {
  const { target, remove, moved, leaves } = plan;
  const drift = plan.drift.map(({ line: _, ...rest }) => rest);
  const replaced = plan.replaced.map(({ line: _, ...rest }) => rest);
  const removed = remove.map(({ job }) => job);
  return digestOf(JSON.stringify({ target, removed, moved, leaves, drift, replaced }));
}

/**
 * Asks for what a plan takes away.
 * @returns whether it may be done.
 * @throws UserError where nobody is there to be asked.
 */
export async function agrees(plan: Plan, { ask, show, preview }: Omit<Consent, 'yes'>): Promise<boolean> {
  const words = joined(losses(plan));
  if (ask === undefined) {
    throw new UserError(
      `this would ${words}, which needs --yes; nothing was changed`,
      `look at ${preview}, then add --yes`,
    );
  }
  show(plan);
  return ask(`This will ${words}. Go on?`);
}

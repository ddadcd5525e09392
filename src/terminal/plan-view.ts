import type { ChangedPart, JobChange } from '../crontab/job-changes.ts';
import type { Plan } from '../crontab/plan.ts';
import { partText } from './human/job-parts.ts';

/** One part of a job that differs, as a person would write it. */
export interface DifferenceView {
  readonly field: ChangedPart;
  readonly before: string;
  readonly after: string;
}

/** A job that differs, in words too. */
export interface JobChangeView extends JobChange {
  /** In the order of `fields`; empty for a job that is added or removed. */
  readonly differences: readonly DifferenceView[];
}

/** `plan --json`: what sync would do. */
export interface PlanView extends Omit<Plan, 'add' | 'change' | 'remove'> {
  readonly add: readonly JobChangeView[];
  readonly change: readonly JobChangeView[];
  readonly remove: readonly JobChangeView[];
}

/** A plan with each difference in words. */
export function planView(plan: Plan): PlanView {
  const { add, change, remove } = plan;
  return { ...plan, add: add.map(inWords), change: change.map(inWords), remove: remove.map(inWords) };
}

function inWords(change: JobChange): JobChangeView {
  const { before, after, fields } = change;
  const differences = fields.map((field) => ({
    field,
    before: partText(before, field),
    after: partText(after, field),
  }));
  return { ...change, differences };
}

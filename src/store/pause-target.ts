import { UserError } from '../errors.ts';
import { nearest } from '../job/nearest.ts';
import type { Paused } from './pauses.ts';
import { installedJobs } from './registry.ts';
import type { Store } from './store.ts';

/** What a person names: jobs, a label, or all; one of the three. */
export interface Named {
  readonly jobs: readonly string[];
  readonly label: string | undefined;
  readonly all: boolean;
}

/** What a pause may be of, besides what is installed. */
export interface Known {
  /** The full name of the job that a text means; it throws where there is none. */
  jobNamed(text: string): string;
  /** What is in force already; of what is not installed any more, too. */
  readonly paused: readonly Paused[];
}

/**
 * What is to be paused or resumed.
 * @throws UserError where it is not clear or not there.
 */
export function pauseTargets(store: Store, named: Named, { jobNamed, paused }: Known): readonly Paused[] {
  const { jobs, label, all } = named;
  refuseUnclear(named);
  const isPaused = (target: Paused) => paused.some(({ scope, name }) => scope === target.scope && name === target.name);
  if (all) return [{ scope: 'all', name: '' }];
  if (label !== undefined) {
    const target = { scope: 'label', name: label } as const;
    if (!isPaused(target)) refuseUnknownLabel(store, label);
    return [target];
  }
  const ids = jobs.map((name) => (isPaused({ scope: 'job', name }) ? name : jobNamed(name)));
  return [...new Set(ids)].map((name) => ({ scope: 'job', name }));
}

function refuseUnclear({ jobs, label, all }: Named): void {
  const found = [
    ...(jobs.length > 0 ? [`the job ${jobs[0]}`] : []),
    ...(label === undefined ? [] : [`--label ${label}`]),
    ...(all ? ['--all'] : []),
  ];
  if (found.length === 1) return;
  const what = found.length === 0 ? 'neither a job nor --label nor --all' : found.join(' and ');
  throw new UserError(`found ${what}, expected one of them`, 'name jobs, or --label L, or --all');
}

/** The labels of the installed jobs, in order. */
export function installedLabels(store: Store): readonly string[] {
  return [...new Set(installedJobs(store).flatMap(({ job }) => job.labels))].toSorted();
}

/**
 * Refuses a label that no installed job has.
 * @throws UserError with the labels that there are.
 */
export function refuseUnknownLabel(store: Store, label: string): void {
  const labels: readonly string[] = installedLabels(store);
  if (labels.includes(label)) return;
  const near = nearest(label, labels);
  const known = labels.length === 0 ? 'no job has any; labels: in the jobs file names them' : listWords(labels);
  throw new UserError(
    `no installed job has the label ${label}`,
    near === undefined ? known : `did you mean ${near}? ${known}`,
  );
}

/** More are counted. */
const mostNamed = 20;

function listWords(labels: readonly string[]): string {
  const more = labels.length > mostNamed ? ` and ${labels.length - mostNamed} more` : '';
  return `the labels are ${labels.slice(0, mostNamed).join(', ')}${more}`;
}

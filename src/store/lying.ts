import { statSync } from 'node:fs';
import type { JobId } from '../job/job.ts';
import { bareRun } from './bare-run.ts';
import { namesIn, readOwn } from './private-place.ts';
import { isOpen, type RunRecord } from './record.ts';
import type { Holder } from './runs.ts';
import { existingPlaces } from './spool.ts';

/** A launch as it lies in the spool, in whatever places. */
export interface Lying {
  readonly job: JobId;
  /** Undefined for a run without one, whose id is known instead. */
  readonly slot: number | undefined;
  readonly run: string | undefined;
  /** The run and its process, where there was room for no more than that. */
  readonly held: { readonly run: string; readonly holder: Holder } | undefined;
  /** Absolute paths. */
  readonly permits: readonly string[];
  readonly records: readonly string[];
}

interface SpooledFile extends Omit<Lying, 'permits' | 'records'> {
  readonly path: string;
  readonly launch: string;
  readonly isRecord: boolean;
}

/** `project.job.SLOT` or `project.job.run-ID`, and behind it what tells a record, perhaps one that was being written. */
const fileName = /^(([a-z0-9-]+)\.([a-z0-9-]+)\.(?:(\d+)|run-([0-9a-z]+)))(\.record(?:\.part)?|\.held-.*)?$/;
/** What stands in the name alone: run, process, its start and the boot. */
const heldName = /^\.held-([0-9a-z]+)-(\d+)-(\d+)-(.*)$/;

/** The launches of a state directory's spool of which there is a record, or a permit for a slot before a time. */
export function spooled(state: string, before: number): readonly Lying[] {
  const files = existingPlaces(state).flatMap((place) =>
    namesIn(place).flatMap((name) => spooledFile(place, name) ?? []),
  );
  // There may be thousands of later permits.
  const wanted = files.filter(({ isRecord, slot }) => isRecord || (slot !== undefined && slot < before));
  return [...Map.groupBy(wanted, ({ launch }) => launch).values()].flatMap(lyingOf);
}

function spooledFile(place: string, name: string): SpooledFile | undefined {
  const [, launch, project, job, slot, run, suffix = ''] = fileName.exec(name) ?? [];
  if (launch === undefined) return undefined;
  const of = { job: `${project}/${job}` as JobId, slot: slot === undefined ? undefined : Number(slot), run };
  return { ...of, held: heldBy(suffix), path: `${place}/${name}`, launch, isRecord: suffix !== '' };
}

function heldBy(suffix: string): Lying['held'] {
  const [, run, pid, born, boot] = heldName.exec(suffix) ?? [];
  if (run === undefined || boot === undefined) return undefined;
  return { run, holder: { pid: Number(pid), born: Number(born), boot } };
}

function lyingOf(files: readonly SpooledFile[]): readonly Lying[] {
  const [first] = files;
  if (first === undefined) return [];
  const { job, slot, run } = first;
  const held = files.find((file) => file.held)?.held;
  const paths = (isRecord: boolean) => files.filter((file) => file.isRecord === isRecord).map(({ path }) => path);
  return [{ job, slot, run, held, permits: paths(false), records: paths(true) }];
}

/** When the newest of some files was written, UTC milliseconds; undefined where none is there any more. */
export function writtenAt(paths: readonly string[]): number | undefined {
  const times = paths.flatMap((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? []);
  return times.length === 0 ? undefined : Math.floor(Math.max(...times));
}

/** The last words on a launch: of several records one that is closed, else the one with most attempts. */
export function lastRecord(lying: Lying): RunRecord | undefined {
  const weight = ({ run }: RunRecord): number => (isOpen(run) ? run.attempts : Number.POSITIVE_INFINITY);
  const records = lying.records.flatMap((path) => recordsIn(readOwn(path) ?? ''));
  return records.sort((a, b) => weight(b) - weight(a))[0] ?? heldRecord(lying);
}

function heldRecord({ held, records, ...launch }: Lying): RunRecord | undefined {
  if (held === undefined) return undefined;
  const run = bareRun({ ...launch, ...held, revision: 0, at: writtenAt(records) ?? 0 });
  return { format: 1, run, attempts: [], output: [], events: [], mails: [] };
}

/** The records of a file's whole lines, newest first. */
function recordsIn(text: string): readonly RunRecord[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .flatMap((line) => parsed(line) ?? [])
    .reverse();
}

function parsed(line: string): RunRecord | undefined {
  try {
    const record = JSON.parse(line) as Partial<RunRecord> | null;
    return record?.format === 1 && typeof record.run?.run === 'string' ? (record as RunRecord) : undefined;
  } catch {
    return undefined;
  }
}

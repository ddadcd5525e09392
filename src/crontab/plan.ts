import type { JobId, JobName, Moved, Replaced } from '../job/job.ts';
import {
  blockLines,
  hasSameLines,
  readTableText,
  type TableText,
  tableBytes,
  withBlock,
  withoutLineFeed,
} from './block.ts';
import type { Drift, DriftKind } from './drift.ts';
import { type ForeignEntry, foreignEntries } from './foreign.ts';
import { compareJobs, type JobChanges, type RenderedJob } from './job-changes.ts';
import { driftOf } from './survey.ts';
import { lineText, type TakenLine, takenLines, withoutLines } from './take-out.ts';
import { isOfOthers, isTickOfOthers } from './ticks.ts';

/** A table as it is, and what of it is a project's affair. */
export interface TableInput {
  /** The table's label. */
  readonly target: string;
  readonly table: Buffer;
  /** What it was left as when it was written last; undefined where nobody knows. */
  readonly written?: Buffer | undefined;
  /** Lines of it that jobs take the place of. */
  readonly replaces: readonly Replaced[];
}

/** What a plan is made from. */
export interface PlanInput {
  readonly project: JobName;
  readonly wanted: readonly RenderedJob[];
  /** What the registry has, with the lines that were written. */
  readonly installed: readonly RenderedJob[];
  /** The lines whose places its jobs took. */
  readonly taken: readonly LineOut[];
  /** Installed jobs that have another name now. */
  readonly moved: readonly Moved[];
  /** Numbers of the revision that is installed, undefined before the first, and of the one that a change would make. */
  readonly revision: { readonly current: number | undefined; readonly next: number };
  /** What of the project differs besides its jobs, such as `mail`. */
  readonly settings: readonly string[];
  /** The line of the tick, as it is to be, and as it was written last. */
  readonly tick: string;
  readonly installedTick: string;
  /** Those of the other projects in the table, which serve as well. */
  readonly otherTicks: readonly string[];
  /** The table that is installed into. */
  readonly into: TableInput;
  /** The one that the project is installed in and leaves. */
  readonly left?: TableInput | undefined;
  /** Those that it left, or that lines were to be taken out of, when something came in between. */
  readonly unfinished: readonly TableInput[];
  /** Others, out of which lines are taken. */
  readonly others: readonly TableInput[];
}

/** A line of a table that a job takes the place of. */
export interface ReplacedLine extends TakenLine {
  /** The table's label. */
  readonly target: string;
}

/** An entry of `replaces:` that is not in its table. */
export interface MissingLine {
  readonly job: JobId;
  /** The table's label. */
  readonly target: string;
  /** As `replaces:` has it, without the comments above it. */
  readonly text: string;
}

/** A line of others that was taken out of a table because a job took its place. */
export interface LineOut {
  readonly job: JobId;
  /** The label of the table that it was taken out of. */
  readonly target: string;
  /** Without its line end; invalid UTF-8 is replaced. */
  readonly text: string;
  /** The snapshot of the table as it was before; null where that is forgotten. */
  readonly snapshot: number | null;
}

/** What `sync` would do. */
export interface Plan extends JobChanges {
  readonly target: string;
  /** The revision that is in force afterwards: a new one, or the current one where the registry stays as it is. */
  readonly revision: number;
  /** Jobs that get another name, and keep their histories. */
  readonly moved: readonly Moved[];
  /** What of the project differs besides its jobs: `mail`, `env-file`, `file`, `launcher`, `target`, `host-zone`. */
  readonly settings: readonly string[];
  /** In what the table is not as installed; sync mends it. */
  readonly drift: readonly Drift[];
  /** Lines that are taken out of tables, because jobs take their places. */
  readonly replaced: readonly ReplacedLine[];
  /** Lines that jobs which are new were to take the place of, and that no table has: they may run there in another form. */
  readonly notFound: readonly MissingLine[];
  /** Lines whose places removed jobs had taken: they do not come back, and nothing does their work any more. */
  readonly staysOut: readonly LineOut[];
  /** The tables that the project leaves for another. */
  readonly leaves: readonly string[];
  /** How many entries of the table are somebody else's, and stay. */
  readonly unmanaged: number;
  readonly unmanagedEntries: readonly ForeignEntry[];
}

/** A table as it is to be. */
export interface PlannedTable {
  /** Its label. */
  readonly target: string;
  readonly before: Buffer;
  readonly next: Buffer;
}

/** A plan, and what comes of it. */
export interface Planned {
  readonly plan: Plan;
  /** Whether sync would change anything, in the registry or in a table. */
  readonly hasChanges: boolean;
  /** Every table that is looked at, changed or not: the one that is installed into comes first, the one that is left second. */
  readonly tables: readonly PlannedTable[];
}

/**
 * Works out what `sync` would do, without doing anything.
 * @throws UserError when the markers in a table are damaged.
 */
export function planSync(input: PlanInput): Planned {
  const { into, left, revision, settings, moved } = input;
  const jobs = compareJobs(input.wanted, input.installed, moved);
  const edits = jobs.add.length + jobs.change.length + jobs.remove.length + moved.length > 0;
  const newRevision = edits || settings.length > 0 || revision.current === undefined;
  // A table that the project is not in yet has nothing of it.
  const drift = driftIn(into, input, left === undefined ? input.installed : []);
  const main = editedTable(into, drift, (text) => withProject(text, input));
  const old = left && editedTable(left, driftIn(left, input, input.installed), (text) => without(text, input));
  const unfinished = input.unfinished.map((one) => editedTable(one, [], (text) => without(text, input)));
  const others = input.others.map((one) => editedTable(one, [], (text) => text));
  const tables = [main, ...(old ? [old] : []), ...unfinished, ...others];
  const removed = new Set(jobs.remove.map(({ job }) => job));
  const comesBack = (job: JobId | null) => (job === null ? input.wanted.length > 0 : !removed.has(job));
  const plan: Plan = {
    target: into.target,
    revision: newRevision ? revision.next : (revision.current ?? revision.next),
    ...jobs,
    moved,
    settings,
    drift: [...unlessGone(main.drift, comesBack), ...unlessGone(old?.drift ?? [], () => false)],
    replaced: tables.flatMap(({ taken, target }) => taken.map((line) => ({ ...line, target }))),
    notFound: notFound([into, ...(left ? [left] : []), ...input.others], tables, jobs),
    staysOut: stillOut(
      input.taken.filter(({ job }) => removed.has(job)),
      tables,
    ),
    leaves: [...(old ? [old] : []), ...unfinished.filter(isChanged)].map(({ target }) => target),
    unmanaged: main.unmanaged.length,
    unmanagedEntries: main.unmanaged,
  };
  return { plan, hasChanges: newRevision || tables.some(isChanged), tables: tables.map(asPlanned) };
}

/** What is gone from a table and is not to come back there is as it is to be. */
function unlessGone(drift: readonly Drift[], comesBack: (job: JobId | null) => boolean): readonly Drift[] {
  const gone: readonly DriftKind[] = ['deleted', 'block-gone', 'table-replaced'];
  return drift.filter(({ kind, job }) => !gone.includes(kind) || comesBack(job));
}

/** A job that is installed already has had its place taken for it: its lines are not expected there any more. */
function notFound(
  inputs: readonly TableInput[],
  tables: readonly Edited[],
  { add }: JobChanges,
): readonly MissingLine[] {
  const added = new Set(add.map(({ job }) => job));
  const found = new Set(tables.flatMap(({ target, taken }) => taken.map(({ job }) => `${target} ${job}`)));
  return inputs.flatMap(({ target, replaces }) => {
    const missing = replaces.filter(({ job }) => added.has(job) && !found.has(`${target} ${job}`));
    return missing.map(({ job, lines }) => ({ job, target, text: lines.at(-1) ?? '' }));
  });
}

/** Lines that were taken out, without those that somebody has put back himself. */
function stillOut(taken: readonly LineOut[], tables: readonly Edited[]): readonly LineOut[] {
  if (taken.length === 0) return [];
  const linesIn = ({ next }: Edited) => new Set(linesOf(readTableText(next)).map(lineText));
  const standing = new Map(tables.map((table) => [table.target, linesIn(table)]));
  return taken.filter(({ target, text }) => standing.get(target)?.has(text) !== true);
}

/** One table on its way: what is not as it was installed, what is taken out, and what stays of others. */
interface Edited extends PlannedTable {
  readonly drift: readonly Drift[];
  readonly taken: readonly TakenLine[];
  readonly unmanaged: readonly ForeignEntry[];
}

function editedTable(
  { target, table, replaces }: TableInput,
  drift: readonly Drift[],
  edit: (text: TableText) => TableText,
): Edited {
  const text = readTableText(table);
  const ours = new Set(strays(text, drift));
  const taken = takenLines(text, replaces).filter(({ line }) => !ours.has(line - 1));
  const gone = new Set([...ours, ...taken.map(({ line }) => line - 1)]);
  const next = tableBytes(edit(withoutLines(text, gone)));
  const unmanaged = foreignEntries(text).filter(({ line }) => !gone.has(line - 1));
  return { target, before: table, next, drift, taken, unmanaged };
}

function isChanged({ before, next }: PlannedTable): boolean {
  return !next.equals(before);
}

function asPlanned({ target, before, next }: Edited): PlannedTable {
  return { target, before, next };
}

/** Lines of ours that stand outside of the blocks, counted from 0: where a block has them again, they are one too many. */
function strays({ blocks }: TableText, drift: readonly Drift[]): readonly number[] {
  const indices = drift.flatMap(({ kind, line }) => {
    return line !== null && (kind === 'moved-out' || kind === 'duplicated') ? [line - 1] : [];
  });
  return indices.filter((index) => !blocks.some(({ start, end }) => index >= start && index < end));
}

function withProject(text: TableText, input: PlanInput): TableText {
  const lines = input.wanted.flatMap((one) => one.lines);
  const next = settled(text, input.project, lines);
  const own = lines.length > 0 || hasOwn(next, input) ? [tickFor(next, input)] : [];
  return settled(next, undefined, [...ticksOfOthers(next, input), ...own]);
}

/** Two projects whose ticks differ would otherwise take turns in changing it. */
function tickFor(text: TableText, { tick, installedTick, otherTicks }: PlanInput): string {
  const found = blockLines(text, undefined)?.find((line) => otherTicks.includes(line));
  return found !== undefined && tick === installedTick ? found : tick;
}

/** Whether a table has projects that the own tick serves, as far as one can tell. */
function hasOwn(text: TableText, { tick }: PlanInput): boolean {
  const projects = text.blocks.filter(({ owner }) => owner !== undefined);
  return projects.some(({ owner }) => !isOfOthers(blockLines(text, owner) ?? [], tick));
}

function ticksOfOthers(text: TableText, { tick }: PlanInput): readonly string[] {
  const lines = linesOf(text);
  return (blockLines(text, undefined) ?? []).filter((line) => isTickOfOthers(line, tick, lines));
}

function linesOf({ lines }: TableText): readonly string[] {
  return lines.map(withoutLineFeed);
}

/** The tick stays as it is for the projects that remain. */
function without(text: TableText, input: PlanInput): TableText {
  const rest = withBlock(text, input.project, []);
  return hasOwn(rest, input) ? rest : withBlock(rest, undefined, ticksOfOthers(rest, input));
}

/** Leaves a block alone that has the right lines in another order. */
function settled(text: TableText, owner: JobName | undefined, lines: readonly string[]): TableText {
  const found = blockLines(text, owner);
  return found !== undefined && lines.length > 0 && hasSameLines(found, lines) ? text : withBlock(text, owner, lines);
}

/** @param installed what the table should have. */
function driftIn(
  { table, written }: TableInput,
  { project, installedTick: tick, otherTicks }: PlanInput,
  installed: readonly RenderedJob[],
): readonly Drift[] {
  const lines = installed.flatMap((one) => one.lines);
  return driftOf(readTableText(table), { project, lines, tick, otherTicks, written });
}

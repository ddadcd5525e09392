import { bytesText } from '../bytes.ts';
import { type Cell, columns, harmless, wrap } from '../layout.ts';
import { count, type Page } from '../page.ts';
import type { FitView, RestoreView, RevisionView, SnapshotView } from '../table-views.ts';
import { stamp, stampMinute } from '../when.ts';
import { diff } from './diff.ts';

/** The snapshots of each table, newest first, and what was written after each of them. */
export function snapshots(rows: readonly SnapshotView[], page: Page): string {
  if (rows.length === 0) return 'no snapshots are kept';
  const tables = Map.groupBy(rows, ({ target }) => target);
  return [...tables].map(([target, ofTable]) => tableOf(target, ofTable, page)).join('\n\n');
}

function tableOf(target: string, rows: readonly SnapshotView[], page: Page): string {
  const { style, width } = page;
  const head = ['ID', 'TAKEN', 'BY', 'LINES', 'SIZE', 'BEFORE'].map((text): Cell => ({ text, paint: style.strong }));
  const body = rows.map((row): readonly Cell[] => [
    { text: String(row.id) },
    { text: stamp(row.takenAt) },
    { text: harmless(row.takenBy) },
    { text: row.lines.toLocaleString('en') },
    { text: bytesText(row.bytes) },
    { text: harmless(row.reason) },
  ]);
  return `${style.faint(`snapshots of target ${harmless(target)}`)}\n${columns([head, ...body], width, [5])}`;
}

/** The revisions of each project, newest first, each with its difference from the one before. */
export function revisions(rows: readonly RevisionView[], page: Page): string {
  if (rows.length === 0) return 'no revisions are kept: nothing is installed';
  const projects = Map.groupBy(rows, ({ project }) => project);
  return [...projects].map(([project, ofProject]) => revisionTable(project, ofProject, page)).join('\n\n');
}

function revisionTable(project: string, rows: readonly RevisionView[], { style, width }: Page): string {
  const head = ['REVISION', 'INSTALLED', 'BY', 'JOBS', 'CHANGES'].map((text): Cell => ({ text, paint: style.strong }));
  const body = rows.map((row): readonly Cell[] => [
    { text: row.current ? `${row.revision} (now)` : String(row.revision), paint: row.current ? style.good : undefined },
    { text: stampMinute(row.installedAt) },
    { text: harmless(row.installedBy) },
    { text: row.jobs.toLocaleString('en') },
    { text: changeWords(row) },
  ]);
  return `${style.faint(`revisions of ${harmless(project)}`)}\n${columns([head, ...body], width, [4])}`;
}

function changeWords({ added, changed, removed }: RevisionView): string {
  const parts = { added, changed, removed };
  const words = Object.entries(parts).flatMap(([verb, number]) => (number === 0 ? [] : [`${number} ${verb}`]));
  return words.join(', ') || 'no job';
}

/** In what a table differs from a snapshot of it, from the one to the other. */
export function restoring(view: RestoreView, page: Page): string {
  const { snapshot, hunks, added, removed } = view;
  const { id, target, takenAt } = snapshot;
  if (hunks.length === 0) return `the table of target ${target} is as snapshot ${id} has it`;
  const after = `snapshot ${id} of ${stamp(takenAt)}`;
  const totals = `target ${target}: ${count(added, 'line')} to put back, ${removed.toLocaleString('en')} to take out`;
  return [diff({ before: `target ${target} now`, after, hunks }, page), '', totals].join('\n');
}

/** What was done, and whether the registry goes with it. */
export function restored(view: RestoreView, page: Page): string {
  const { id, target, takenAt } = view.snapshot;
  const done = `the table of target ${target} is as it was at ${stamp(takenAt)}: snapshot ${id}`;
  return [done, ...view.projects.flatMap((fit) => fitWords(fit, page))].join('\n');
}

/** What does not fit, and what mends it; nothing of a project that fits. */
function fitWords(fit: FitView, { style, width }: Page): readonly string[] {
  const { project, installed, fits, revision, elsewhere, target } = fit;
  if (fits) return [];
  if (elsewhere) {
    const twice = `${project} is installed in target ${target}, and has lines in this table as well now`;
    return [wrap(`${style.warn('!')} ${twice}`, width), '  → cronwright sync takes them out'];
  }
  const where =
    revision === null ? 'its lines are not in the table' : `the table has the lines of revision ${revision}`;
  const sync = 'cronwright sync puts the lines of the jobs file there again';
  const rollback = `cronwright rollback ${revision} installs the jobs of that revision`;
  const remedy = revision === null ? sync : `${rollback}; ${sync}`;
  return [
    wrap(`${style.warn('!')} ${project}: revision ${installed} is installed, and ${where} now`, width),
    `  → ${wrap(remedy, width, '    ').trimStart()}`,
  ];
}

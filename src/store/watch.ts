import type { Store } from './store.ts';

/** A table that jobs are installed in, and when it was last compared with what was installed. */
export interface Watched {
  /** The table's label. */
  readonly target: string;
  /** UTC milliseconds; null before the first time. */
  readonly lookedAt: number | null;
  /** What told the table then from any other state of it; null before the first time. */
  readonly stamp: string | null;
}

/** The tables of all projects that have jobs. Which lines earlier versions wrote is not known. */
export function watchedTables({ db }: Store): readonly Watched[] {
  return db.all<Watched>(`
    SELECT DISTINCT json_extract(settings, '$.target') AS target, looked_at AS lookedAt, stamp
    FROM revision LEFT JOIN watch ON watch.target = json_extract(settings, '$.target')
    WHERE revision.id IN (SELECT max(id) FROM revision GROUP BY project)
      AND EXISTS (SELECT 1 FROM job WHERE job.project = revision.project AND until IS NULL AND lines IS NOT NULL)`);
}

/** What was told of one project's drift. */
export interface Told {
  /** Of the drift that was told. */
  readonly digest: string;
  /** UTC milliseconds. */
  readonly at: number;
}

/** What was told of a table, by project. */
export type ToldOfTable = Readonly<Record<string, Told>>;

export function toldOf({ db }: Store, target: string): ToldOfTable {
  const row = db.get<{ told: string }>('SELECT told FROM watch WHERE target = ?', target);
  return row === undefined ? {} : (JSON.parse(row.told) as ToldOfTable);
}

/** What came of comparing a table. */
export interface Looked {
  readonly target: string;
  readonly lookedAt: number;
  readonly stamp: string;
  readonly told: ToldOfTable;
}

/** Keeps what came of comparing a table, in place of what came of it the time before. */
export function noteLooked({ db }: Store, { target, lookedAt, stamp, told }: Looked): void {
  const sql = `INSERT INTO watch (target, looked_at, stamp, told) VALUES (?, ?, ?, ?) ON CONFLICT (target)
    DO UPDATE SET looked_at = excluded.looked_at, stamp = excluded.stamp, told = excluded.told`;
  db.write(() => db.run(sql, target, lookedAt, stamp, JSON.stringify(told)), { durability: 'normal' });
}

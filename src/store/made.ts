import type { JobName } from '../job/job.ts';
import type { Store } from './store.ts';

/** What a project was made from when it was installed. */
export interface Made {
  /** Absolute path of the jobs file. */
  readonly file: string;
  readonly project: JobName;
  readonly revision: number;
  /** Absolute paths of the files that it was read from, and of the folders in which they were looked for. */
  readonly sources: { readonly files: readonly string[]; readonly folders: readonly string[] };
  /** Of what stood there, and of all else that decides what is installed. */
  readonly digest: string;
}

interface Row extends Omit<Made, 'sources'> {
  readonly sources: string;
}

/** What the jobs file of that path was installed as last. */
export function lastMade({ db }: Store, file: string): Made | undefined {
  const row = db.get<Row>('SELECT * FROM made WHERE file = ?', file);
  return row && { ...row, sources: JSON.parse(row.sources) as Made['sources'] };
}

/** Notes what a jobs file was installed as. */
export function noteMade({ db }: Store, { file, project, revision, sources, digest }: Made): void {
  const sql = `INSERT INTO made (file, project, revision, sources, digest) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (file) DO UPDATE SET project = excluded.project, revision = excluded.revision,
      sources = excluded.sources, digest = excluded.digest`;
  db.write(() => db.run(sql, file, project, revision, JSON.stringify(sources), digest));
}

import type { Store } from './store.ts';

/** The target into which a jobs file was installed for another account, whose registry has it; undefined for none. */
export function targetElsewhere({ db }: Store, file: string): string | undefined {
  return db.get<{ target: string }>('SELECT target FROM elsewhere WHERE file = ?', file)?.target;
}

/**
 * Notes where a jobs file was installed.
 * @param file absolute path of the jobs file.
 * @param target undefined where that is no other account's.
 */
export function noteElsewhere({ db }: Store, file: string, target: string | undefined): void {
  const insert =
    'INSERT INTO elsewhere (file, target) VALUES (?, ?) ON CONFLICT (file) DO UPDATE SET target = excluded.target';
  db.write(() => {
    if (target === undefined) db.run('DELETE FROM elsewhere WHERE file = ?', file);
    else db.run(insert, file, target);
  });
}

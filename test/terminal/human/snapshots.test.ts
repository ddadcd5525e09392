import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { differenceBetween } from '../../../src/crontab/difference.ts';
import { diff } from '../../../src/terminal/human/diff.ts';
import { restored, restoring, revisions, snapshots } from '../../../src/terminal/human/snapshots.ts';
import { hunkView, revisionView, snapshotView } from '../../../src/terminal/snapshot-view.ts';
import { makeStyle } from '../../../src/terminal/style.ts';
import type { FitView, HunkView, RestoreView, RevisionView, SnapshotView } from '../../../src/terminal/table-views.ts';
import { pageOf } from '../samples.ts';

const page = pageOf();

/** Texts are compared between line breaks, so that they stand in a test as they stand on a page. */
function reads(actual: string, expected: string): void {
  assert.equal(`\n${actual.replace(/\n$/, '')}\n`, expected);
}

function hunks(before: string | Buffer, after: string | Buffer): readonly HunkView[] {
  return differenceBetween(Buffer.from(before), Buffer.from(after)).map(hunkView);
}

const snapshot: SnapshotView = {
  id: 12,
  target: 'user',
  takenAt: '2026-11-24T09:12:40+01:00',
  takenBy: 'alice as root',
  reason: 'sync of shop, revision 7',
  revision: 7,
  lines: 14,
  bytes: 1_536,
};

const revision: RevisionView = {
  revision: 8,
  project: 'shop',
  current: true,
  installedAt: '2026-11-24T09:12:40+01:00',
  installedBy: 'ann',
  file: '/etc/shop.yaml',
  target: 'user',
  jobs: 1_200,
  added: 2,
  changed: 0,
  removed: 1,
};

const view: RestoreView = {
  snapshot,
  applied: true,
  added: 1,
  removed: 1,
  hunks: hunks('a\nb\n', 'a\nB\n'),
  projects: [],
};

suite('snapshots', () => {
  test('are shown table by table, with what was written after each', () => {
    const other = { ...snapshot, id: 3, target: 'file:/tmp/table', lines: 0, bytes: 0 };
    reads(
      snapshots([snapshot, { ...snapshot, id: 9, takenBy: 'ann', reason: 'restore of snapshot 4' }, other], page),
      `
snapshots of target user
ID  TAKEN                BY             LINES  SIZE     BEFORE
12  2026-11-24 09:12:40  alice as root  14     1.5 KiB  sync of shop, revision 7
9   2026-11-24 09:12:40  ann            14     1.5 KiB  restore of snapshot 4

snapshots of target file:/tmp/table
ID  TAKEN                BY             LINES  SIZE     BEFORE
3   2026-11-24 09:12:40  alice as root  0      0 bytes  sync of shop, revision 7
`,
    );
    assert.equal(snapshots([], page), 'no snapshots are kept');
  });

  test('have a view with their lines and bytes, of which the last may not end', () => {
    const kept = { id: 1, target: 'user', takenAt: 0, takenBy: 'ann', reason: 'sync', revision: undefined };
    const shown = snapshotView({ ...kept, content: Buffer.from('a\n\nb') }, String);
    assert.deepEqual([shown.lines, shown.bytes, shown.revision, shown.takenAt], [3, 4, null, '0']);
    assert.equal(snapshotView({ ...kept, content: Buffer.alloc(0) }, String).lines, 0);
  });
});

suite('revisions', () => {
  test('are shown with their jobs and what changed', () => {
    const first = { ...revision, revision: 7, current: false, added: 0, removed: 0, jobs: 1 };
    reads(
      revisions([revision, { ...first, changed: 3 }, { ...first, project: 'web' }], page),
      `
revisions of shop
REVISION  INSTALLED         BY   JOBS   CHANGES
8 (now)   2026-11-24 09:12  ann  1,200  2 added, 1 removed
7         2026-11-24 09:12  ann  1      3 changed

revisions of web
REVISION  INSTALLED         BY   JOBS  CHANGES
7         2026-11-24 09:12  ann  1     no job
`,
    );
    assert.equal(revisions([], page), 'no revisions are kept: nothing is installed');
  });

  test('have a view that says which is installed', () => {
    const { revision: id, installedAt: _, installedBy, current: __, ...others } = revision;
    const entry = { ...others, id, createdAt: 5, createdBy: installedBy, project: 'shop' as never };
    assert.deepEqual(revisionView(entry, { id } as never, String), { ...revision, installedAt: '5' });
    assert.equal(revisionView(entry, { id: 9 } as never, String).current, false);
  });
});

suite('a difference', () => {
  test('is shown as diff -u has it', () => {
    const [before, after] = ['1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\n6\n7\n8\n9'];
    reads(
      diff({ before: 'now', after: 'then', hunks: hunks(before, after) }, page),
      `
--- now
+++ then
@@ -2,8 +2,7 @@
 2
 3
 4
-5
 6
 7
 8
-9
+9
\\ No newline at end of file
`,
    );
    assert.match(diff({ before: 'now', after: 'then', hunks: hunks('', 'a\n') }, page), /^@@ -0,0 \+1 @@$/m);
  });

  test('shows bytes that are no text, and moves no cursor', () => {
    const after = Buffer.from('caf\xe9 \x1b[2J\r\n', 'latin1');
    assert.match(diff({ before: 'now', after: 'then', hunks: hunks('', after) }, page), /^\+caf\ufffd \\x0d$/m);
  });

  test('is cut where it is long, and says by how much', () => {
    const many = Array.from({ length: 2_000 }, (_, n) => `${n}\n`).join('');
    const shown = diff({ before: 'now', after: 'then', hunks: hunks('', many) }, page).split('\n');
    assert.deepEqual([shown.length, shown.at(-2), shown.at(-1)], [303, '+298', '… and 1,701 lines more']);
    const [line] = diff({ before: '', after: '', hunks: hunks('', 'x'.repeat(200_000)) }, page)
      .split('\n')
      .slice(3);
    assert.equal(line?.length, 1_200);
  });

  test('is coloured on a terminal', () => {
    const style = makeStyle(true);
    const shown = diff({ before: 'now', after: 'then', hunks: view.hunks }, { ...page, style });
    assert.ok(shown.endsWith(`\n a\n${style.bad('-b')}\n${style.good('+B')}`), shown);
    assert.notEqual(style.bad('-b'), '-b');
  });
});

suite('a restore', () => {
  const fit: FitView = {
    ...{ project: 'shop', installed: 8, target: 'user', elsewhere: false },
    ...{ fits: false, revision: 7 },
  };

  test('shows the difference and its size before', () => {
    reads(
      restoring(view, page),
      `
--- target user now
+++ snapshot 12 of 2026-11-24 09:12:40
@@ -1,2 +1,2 @@
 a
-b
+B

target user: 1 line to put back, 1 to take out
`,
    );
    const same = { ...view, hunks: [] };
    assert.equal(restoring(same, page), 'the table of target user is as snapshot 12 has it');
  });

  test('says after it what does not fit the table, and what mends it', () => {
    const projects = [fit, { ...fit, project: 'web', revision: null }, { ...fit, project: 'fine', fits: true }];
    reads(
      restored({ ...view, projects }, page),
      `
the table of target user is as it was at 2026-11-24 09:12:40: snapshot 12
! shop: revision 8 is installed, and the table has the lines of revision 7 now
  → cronwright rollback 7 installs the jobs of that revision; cronwright sync
    puts the lines of the jobs file there again
! web: revision 8 is installed, and its lines are not in the table now
  → cronwright sync puts the lines of the jobs file there again
`,
    );
  });
});

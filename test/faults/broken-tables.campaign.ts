import assert from 'node:assert/strict';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { DriftView } from '../../src/terminal/table-views.ts';
import { builtProgram, clockMovedBy, start, until } from '../e2e/program.ts';
import {
  bothForms,
  foreign,
  forms,
  type Ground,
  type Kind,
  kinds,
  newTableGround,
  oneOf,
  skipUnlessTables,
} from './table-rig.ts';

const launcher = skipUnlessTables ? '' : builtProgram();
const options = { concurrency: 2, skip: skipUnlessTables };

/** When `crontab -` is killed, each as a script before the real one. */
const moments = {
  'before it reads': '[ "$1" = - ] && kill -KILL $$',
  'in the midst of its input':
    '[ "$1" = - ] && { mkfifo "$place/half"; $real - <"$place/half" & exec 9>"$place/half"; head -c 40 >&9; sleep 0.2; kill -KILL $! $$; }',
  'after it has stored': '[ "$1" = - ] && { $real -; kill -KILL $$; }',
} as const;

/** Keeps `crontab -` from beginning until somebody says `go`, or ends it without having done anything. */
const gate =
  '[ "$1" = - ] && { touch "$place/called"; until [ -e "$place/go" ]; do [ -d "$place" ] && [ ! -e "$place/end" ] || exit 1; sleep 0.05; done; $real -; touch "$place/done"; exit; }';

/** Kills cronwright while the crontab that it has called has still to begin, and says to that how to go on. */
async function killAtGate(ground: Ground, words: readonly string[], goOn: 'go' | 'end'): Promise<void> {
  const { process: struck, ended } = ground.start(words, { also: ground.misbehaving(gate) });
  await until('crontab is called', () => existsSync(join(ground.path, 'called')));
  struck.kill('SIGKILL');
  writeFileSync(join(ground.path, goOn), '');
  await ended;
  if (goOn === 'go') await until('crontab is done', () => existsSync(join(ground.path, 'done')));
}

/** What brings the second form about, where the first one is installed for the second time. */
const ways = {
  sync: ['sync'],
  rollback: ['rollback', '2', '--yes'],
  restore: ['restore', '3', '--yes'],
} as const;

async function killedBy(t: TestContext, moment: keyof typeof moments, way: keyof typeof ways): Promise<void> {
  const ground = await newTableGround(t, launcher);
  const both = await bothForms(ground, 'user');
  if (way === 'sync') ground.jobs(forms[1]);
  const { status, err } = await ground.cronwright(ways[way], { also: ground.misbehaving(moments[moment]) });
  const isStored = moment === 'after it has stored';
  assert.deepEqual([status, oneOf(ground.bytes('user'), both)], isStored ? [0, 1] : [2, 0], err);
  // A restore leaves the registry as it is, whatever becomes of it.
  await ground.ends(way === 'restore' && isStored ? 1 : 0, 'drift');
  await ground.ends(0, ...ways[way]);
  assert.equal(oneOf(ground.bytes('user'), both), 1);
  assert.deepEqual(ground.litter(), []);
}

describe('a crontab that is killed', options, () => {
  for (const moment of Object.keys(moments) as (keyof typeof moments)[]) {
    for (const way of Object.keys(ways) as (keyof typeof ways)[]) {
      it(`${moment} by ${way} leaves the old table or the new one, and the registry that goes with it`, (t) =>
        killedBy(t, moment, way));
    }
  }
});

/** Commands that read the table first. */
const readers = [['sync', '--yes'], ['plan'], ...Object.values(ways), ['drift'], ['adopt', '--from', 'user']];

describe('a crontab that', options, () => {
  it('cannot list the table is never taken for one without a table', async (t) => {
    const ground = await newTableGround(t, launcher);
    const [first] = await bothForms(ground, 'user');
    ground.jobs(forms[1]);
    for (const fails of [
      'exit 1',
      'echo "no crontab for root: Input/output error" >&2; exit 1',
      'exit 0 | kill -9 $$',
    ]) {
      for (const words of readers) {
        const { status, err } = await ground.cronwright(words, {
          also: ground.misbehaving(`[ "$1" = -l ] && { ${fails}; }`),
        });
        assert.equal(status, 2, `${words.join(' ')}: ${fails}: ${err}`);
        assert.deepEqual(ground.bytes('user'), first);
      }
    }
  });

  it('lists less than is stored, or something else, has nothing written without a word', async (t) => {
    const ground = await newTableGround(t, launcher);
    const [first] = await bothForms(ground, 'user');
    ground.jobs(forms[1]);
    for (const lists of ['$real -l | head -n 2', 'true', 'echo "<html>"', 'head -c 3000 /dev/urandom; echo']) {
      const { status, err } = await ground.cronwright(['sync'], {
        also: ground.misbehaving(`[ "$1" = -l ] && { ${lists}; exit 0; }`),
      });
      assert.equal(status, 2, `${lists}: ${err}`);
      assert.deepEqual(ground.bytes('user'), first);
    }
  });

  it('breaks off while it stores has the old table put back', async (t) => {
    const ground = await newTableGround(t, launcher);
    const [first] = await bothForms(ground, 'user');
    ground.jobs(forms[1]);
    const half = '[ "$1" = - ] && [ ! -e "$place/once" ] && { touch "$place/once"; head -n 4 | $real -; exit; }';
    const { status, err } = await ground.cronwright(['sync'], { also: ground.misbehaving(half) });
    assert.equal(status, 2);
    assert.match(err, /did not store it as it was given, .*; the table is as\s+it\s+was/s);
    assert.deepEqual(ground.bytes('user'), first);
    await ground.ends(0, 'drift');
  });
});

/** More than any pipe holds. */
const long = Buffer.from('# a line of somebody else, who has much to say about little\n'.repeat(9_000));

describe('cronwright that is killed', options, () => {
  it('while crontab has still to read its table leaves that whole', async (t) => {
    const ground = await newTableGround(t, launcher);
    const both = await bothForms(ground, 'user', long);
    ground.jobs(forms[1]);
    await killAtGate(ground, ['sync'], 'go');
    assert.equal(oneOf(ground.bytes('user'), both), 1);
    await ground.ends(0, 'drift');
  });

  it('before the table is written leaves it to the next sync, which needs nobody’s word for that', async (t) => {
    const ground = await newTableGround(t, launcher);
    const both = await bothForms(ground, 'user');
    ground.jobs(forms[1]);
    await killAtGate(ground, ['sync'], 'end');
    assert.equal(oneOf(ground.bytes('user'), both), 0);
    await ground.ends(0, 'sync');
    assert.equal(oneOf(ground.bytes('user'), both), 1);
  });

  it('before the table is written leaves it, and what somebody did to it since still takes a word', async (t) => {
    const ground = await newTableGround(t, launcher);
    const [first] = await bothForms(ground, 'user');
    ground.jobs(forms[1]);
    await killAtGate(ground, ['sync'], 'end');
    const edited = first.toString('latin1').replace('0 5 * * *', '0 6 * * *');
    await ground.write('user', Buffer.from(edited, 'latin1'));
    assert.match((await ground.ends(2, 'sync')).err, /put back 2 lines.*--yes/s);
    assert.equal(ground.bytes('user').toString('latin1'), edited);
  });

  it('between two tables leaves the jobs in both, and the next sync takes them out of the one that they leave', async (t) => {
    const ground = await newTableGround(t, launcher);
    const [first] = await bothForms(ground, 'user');
    await killAtGate(ground, ['sync', '--target', ground.target('file:table')], 'end');
    assert.deepEqual(ground.bytes('user'), first);
    assert.match(ground.bytes('file:table').toString(), /^# BEGIN cronwright shop\n/);
    assert.match((await ground.ends(0, 'sync')).out, /user/);
    assert.deepEqual(ground.bytes('user'), foreign);
    await ground.ends(0, 'drift');
    assert.match((await ground.ends(0, 'sync')).out, /nothing to do/);
  });

  it('before a file is in its place leaves one beside it, which goes with a later write', async (t) => {
    for (const kind of ['cron.d', 'file:table'] as const) {
      const ground = await newTableGround(t, launcher);
      await bothForms(ground, kind);
      const name = kind === 'cron.d' ? 'cronwright-shop' : 'table';
      const left = `.${name}.0b3d5c2e-5a0f-4f0e-9c57-3b1f5a0c9e11`;
      await ground.mounts.change(
        `cd '${ground.folder(kind)}' && touch -d '2 minutes ago' '${left}' && touch '${left}x'`,
      );
      ground.jobs(forms[1]);
      await ground.ends(0, 'sync');
      assert.deepEqual(ground.litter(), [`${left}x`]);
    }
  });

  it('before it takes out what a job replaces leaves that to the next sync', async (t) => {
    const ground = await newTableGround(t, launcher);
    const line = '5 3 * * * /usr/bin/backup';
    await ground.write('user', `${foreign}${line}\n`);
    const replaced = forms[0].replace('"true" }', `"true", replaces: { table: user, line: "${line}" } }`);
    ground.jobs(replaced);
    await killAtGate(ground, ['sync', '--target', ground.target('file:table')], 'end');
    assert.match(ground.bytes('user').toString(), /usr.bin.backup/);
    assert.match(ground.bytes('file:table').toString(), /shop.backup/);
    await ground.ends(0, 'sync');
    assert.deepEqual(ground.bytes('user'), Buffer.from(`${foreign}`));
  });
});

/** A small disk in the place of a folder, which keeps its mode. */
const smallDisk = (folder: string) =>
  `mkdir -p -m 0700 '${folder}'; mount -t tmpfs -o size=1m,mode=$(stat -c %a '${folder}') small '${folder}'`;

const troubles = {
  'without room': {
    begin: (folder: string) => `cat /dev/zero >'${folder}/ballast' 2>/dev/null || true`,
    end: (folder: string) => `rm '${folder}/ballast'`,
  },
  'turned read-only': {
    begin: (folder: string) => `mount -o remount,ro '${folder}'`,
    end: (folder: string) => `mount -o remount,rw '${folder}'`,
  },
} as const;

describe('a disk', options, () => {
  for (const [trouble, { begin, end }] of Object.entries(troubles)) {
    for (const of of [...kinds, 'state'] as const) {
      it(`${trouble} for ${of} leaves everything as it is, until there is room`, async (t) => {
        const ground = await newTableGround(t, launcher);
        const kind: Kind = of === 'state' ? 'user' : of;
        const folder = ground.folder(of);
        await ground.mounts.change(smallDisk(folder));
        const both = await bothForms(ground, kind);
        ground.jobs(forms[1]);
        await ground.mounts.change(begin(folder));
        const { err } = await ground.ends(2, 'sync');
        assert.doesNotMatch(err, /bug:|\n +at /);
        await ground.mounts.change(end(folder));
        assert.equal(oneOf(ground.bytes(kind), both), 0);
        await ground.ends(0, 'drift');
        await ground.ends(0, 'sync');
        assert.equal(oneOf(ground.bytes(kind), both), 1);
        assert.deepEqual(ground.litter(), []);
      });
    }
  }

  it('that is full when the table is written already is no failure', async (t) => {
    const ground = await newTableGround(t, launcher);
    await ground.mounts.change(smallDisk(ground.state));
    const both = await bothForms(ground, 'user');
    ground.jobs(forms[1]);
    const fills = `[ "$1" = - ] && { $real -; status=$?; cat /dev/zero >'${ground.state}/ballast' 2>/dev/null; exit $status; }`;
    const { status, err } = await ground.cronwright(['sync'], { also: ground.misbehaving(fills) });
    await ground.mounts.change(`rm '${ground.state}/ballast'`);
    assert.deepEqual([status, oneOf(ground.bytes('user'), both)], [0, 1], err);
    await ground.ends(0, 'drift');
    assert.match((await ground.ends(0, 'sync')).out, /nothing to do/);
  });
});

const byHand = '7 7 * * 7 /usr/bin/by-hand\n';

/** Adds a line to a table as a person would. */
async function editByHand(ground: Ground, kind: Kind): Promise<Buffer> {
  const edited = Buffer.concat([Buffer.from(byHand), ground.bytes(kind)]);
  await ground.write(kind, edited);
  return edited;
}

/** Another project that goes into the same table. */
async function otherProject(ground: Ground, kind: Kind): Promise<void> {
  const file = join(ground.path, 'store.yaml');
  writeFileSync(file, 'version: 1\nproject: store\njobs: { count: { schedule: "9 9 * * *", command: "true" } }\n');
  await ground.ends(0, 'sync', '--file', file, '--target', ground.target(kind));
}

describe('a table that is edited', options, () => {
  it('between a saved plan and its sync is left as it is', async (t) => {
    for (const kind of ['user', 'file:table'] as const) {
      const ground = await newTableGround(t, launcher);
      await bothForms(ground, kind);
      ground.jobs(forms[1]);
      const plan = join(ground.path, 'plan');
      await ground.ends(0, 'plan', '--out', plan);
      const edited = await editByHand(ground, kind);
      assert.match((await ground.ends(2, 'sync', plan)).err, /the table of target .* has changed since/);
      assert.deepEqual(ground.bytes(kind), edited);
    }
  });

  it('by another project between a saved plan and its sync is left as it is', async (t) => {
    const ground = await newTableGround(t, launcher);
    await bothForms(ground, 'user');
    ground.jobs(forms[1]);
    const plan = join(ground.path, 'plan');
    await ground.ends(0, 'plan', '--out', plan);
    await otherProject(ground, 'user');
    const both = ground.bytes('user');
    assert.match((await ground.ends(2, 'sync', plan)).err, /the table of target .* has changed since/);
    assert.deepEqual(ground.bytes('user'), both);
    await ground.ends(0, 'sync');
    assert.match(ground.bytes('user').toString('latin1'), /^45 6 .*shop\/backup\n[\s\S]*^9 9 .*store\/count\n/m);
  });

  it('between the question and the answer keeps what was written', async (t) => {
    const ground = await newTableGround(t, launcher);
    await bothForms(ground, 'file:table');
    ground.jobs(forms[0].replace(/ {2}clean.*\n/, ''));
    const answered = askedSync(t, ground);
    await until('it asks', () => answered.out().includes('[y/N]'));
    await editByHand(ground, 'file:table');
    answered.process.stdin?.write('y\r');
    const { status, out } = await answered.ended;
    assert.equal(status, 0, out);
    const table = ground.bytes('file:table').toString('latin1');
    assert.ok(table.startsWith(byHand + foreign.toString('latin1')), table);
    assert.doesNotMatch(table, /shop\/clean/);
  });

  it('between reading and writing is read again, and keeps what was written', async (t) => {
    const ground = await newTableGround(t, launcher);
    await bothForms(ground, 'user');
    ground.jobs(forms[1]);
    // What is to be is checked when all is read; the listing after that is the one before the write.
    const edits = `
if [ "$1" = -n ]; then touch "$place/checked"; fi
if [ "$1" = -l ] && [ -e "$place/checked" ] && [ ! -e "$place/edited" ]; then
  touch "$place/edited"
  env -u CRONTAB_NOHEADER $real -l | { cat; echo '${byHand.trim()}'; } | $real -
fi`;
    const { status, err } = await ground.cronwright(['sync'], { also: ground.misbehaving(edits) });
    assert.equal(status, 0, err);
    const table = ground.bytes('user').toString('latin1');
    assert.ok(table.startsWith(foreign.toString('latin1')) && table.endsWith(byHand), table);
    assert.match(table, /^45 6 .*shop\/backup\n/m);
  });
});

function askedSync(t: TestContext, { mounts: _, path, state, ...ground }: Ground) {
  const words = `${launcher} --file ${path}/jobs.yaml --state ${state} sync --target ${ground.target('file:table')}`;
  const asked = start(['script', '-qec', words, '/dev/null'], { stdin: 'pipe', also: { NO_COLOR: '1' } });
  t.after(() => asked.process.kill('SIGKILL'));
  return asked;
}

const marker = (text: string, from: string, to: string) => text.replace(`# ${from} cronwright shop\n`, to);

/** What becomes of markers, with the number of the line that is named: the block begins at line 4. */
const damages: Readonly<Record<string, readonly [(table: string) => string, number]>> = {
  'a lost begin': [(table) => marker(table, 'BEGIN', ''), 6],
  'a lost end': [(table) => marker(table, 'END', ''), 7],
  'a doubled begin': [(table) => marker(table, 'BEGIN', '# BEGIN cronwright shop\n# BEGIN cronwright shop\n'), 5],
  'a doubled end': [(table) => marker(table, 'END', '# END cronwright shop\n# END cronwright shop\n'), 8],
  'a doubled block': [(table) => `${table}# BEGIN cronwright shop\n# END cronwright shop\n`, 11],
  'a nested block': [(table) => marker(table, 'BEGIN', '# BEGIN cronwright shop\n# BEGIN cronwright store\n'), 5],
  'another case': [(table) => marker(table, 'END', '# end cronwright shop\n'), 7],
  'another name': [(table) => marker(table, 'END', '# END cronwright shops\n'), 7],
  'an end of DOS in each line': [
    (table) => table.replace(/(?<=cronwright shop\n.*)\n/g, '\r\n').replaceAll('shop\n', 'shop\r\n'),
    4,
  ],
};

describe('a block with', options, () => {
  for (const [what, [damage, line]] of Object.entries(damages)) {
    it(`${what} is refused with the line, and nothing is written`, async (t) => {
      const ground = await newTableGround(t, launcher);
      const [first] = await bothForms(ground, 'file:table');
      const damaged = Buffer.from(damage(first.toString('latin1')), 'latin1');
      assert.ok(!damaged.equals(first));
      await ground.write('file:table', damaged);
      ground.jobs(forms[1]);
      for (const words of [['sync', '--yes'], ['plan'], ['rollback', '--yes']]) {
        const { err } = await ground.ends(2, ...words);
        assert.match(err, new RegExp(`^error: line ${line} of the table, .*\n +→ edit the table`, 's'), err);
      }
      const { out } = await ground.ends(1, 'drift', '--json');
      const [view] = JSON.parse(out) as readonly DriftView[];
      const markers = view?.drift.filter(({ kind }) => kind === 'marker').map((one) => one.line) ?? [];
      assert.ok(markers.length > 0 && view?.message?.startsWith(`line ${line} of`), out);
      assert.deepEqual(ground.bytes('file:table'), damaged);
    });
  }
});

describe('a move', options, () => {
  it('from one table to another is made within one minute, in which no cron reads', async (t) => {
    const ground = await newTableGround(t, launcher);
    await bothForms(ground, 'file:table');
    const lateBy = 58_500 - (Date.now() % 60_000);
    const words = ['sync', '--target', ground.target('file:other')];
    const { status, err } = await ground.cronwright(words, { also: clockMovedBy(lateBy) });
    assert.equal(status, 0, err);
    const [added, removed] = ['other', 'table'].map((name) => {
      return statSync(join(ground.folder('file:other'), name)).mtimeMs + lateBy;
    }) as [number, number];
    assert.equal(Math.floor(added / 60_000), Math.floor(removed / 60_000));
    assert.ok(added <= removed && added % 60_000 >= 3_000 && removed % 60_000 < 55_000, `${added} ${removed}`);
  });
});

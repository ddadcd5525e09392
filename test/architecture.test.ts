import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { breaches, hen, type Snippet, takes, takesType } from './architecture/breaches.ts';
import { lint } from './architecture/lint.ts';

const root = join(import.meta.dirname, '..');

/** The order of the rooms, stated a second time: import-law.grit must say the same. */
const steps: readonly (readonly string[])[] = [
  ['errors', 'clock'],
  ['job'],
  ['schedule'],
  ['crontab', 'run', 'queue', 'notify', 'access'],
  ['store'],
  ['install', 'launch'],
  ['upkeep'],
  ['terminal'],
  ['commands'],
];
const rooms = steps.flat();
const isFile = (room: string) => room === 'errors' || room === 'clock';

const adapters = {
  'cron-validate': 'src/schedule/expression/syntax.ts',
  zod: 'src/job/shape.ts',
  yaml: 'src/job/tolerant-tree.ts',
  'js-yaml': 'src/job/quick-tree.ts',
  'ical.js': 'src/job/ical.ts',
  'better-sqlite3': 'src/store/sqlite.ts',
  nodemailer: 'src/notify/mail.ts',
  re2js: 'src/job/pattern.ts',
  execa: 'src/crontab/program.ts',
  chalk: 'src/terminal/style.ts',
  commander: 'src/cli.ts',
};

const lawful: readonly Snippet[] = [
  hen,
  { file: 'src/job/egg.ts', text: 'export type It = 1;\n' },
  { file: 'src/main.ts', text: "await import('./compiled.ts');\nawait import('./cli.ts');\nprocess.exitCode = 2;\n" },
  { file: 'src/cli.ts', text: `${takes('./commands/sync.ts')}process.exitCode = 2;\n` },
  { file: 'src/wrapper.ts', text: takes('./upkeep/duties.ts') },
  { file: 'src/clock.ts', text: 'export const now = () => Date.now();\n' },
  { file: 'src/commands/sync.ts', text: takes('./context.ts') },
  { file: 'src/commands/context.ts', text: `${takesType('./command.ts')}\nexport const home = process.env.HOME;\n` },
  { file: 'src/commands/options.ts', text: takesType('commander') },
  { file: 'src/run/signals/pipes.ts', text: takes('../pipe.ts') },
  { file: 'src/terminal/words.ts', text: takes('../errors.ts') },
  { file: 'test/job/law.ts', text: takes('fast-check') },
];

/** A file in which one room takes a type of every other, the nth of them on line n. */
function greedy(room: string): Snippet {
  const others = rooms.filter((other) => other !== room);
  const up = isFile(room) ? '.' : '..';
  const imports = others.map(
    (other, n) => `import type { T${n} } from '${up}/${other}${isFile(other) ? '' : '/noun'}.ts';`,
  );
  const all = others.map((_, n) => `T${n}`).join(' | ');
  return {
    file: isFile(room) ? `src/${room}.ts` : `src/${room}/greedy.ts`,
    text: `${imports.join('\n')}\n\nexport type All = ${all};\n`,
  };
}

const stepOf = (room: string) => steps.findIndex((step) => step.includes(room));

describe('the import law', () => {
  const breached = lint([hen, ...breaches]);

  for (const { law, file, reason } of breaches) {
    it(`holds: ${law}`, () => {
      const messages = breached.filter((said) => said.file === file).map((said) => said.message);
      assert.ok(
        messages.some((message) => reason.test(message)),
        `${reason} in ${JSON.stringify(messages)}`,
      );
    });
  }

  it('lets every room import exactly the rooms before it', () => {
    const refused = lint(rooms.map(greedy))
      .toSorted((a, b) => a.line - b.line)
      .filter((said) => said.message.includes('may not import'));
    for (const room of rooms) {
      const { file } = greedy(room);
      const others = rooms.filter((other) => other !== room);
      const actual = refused.filter((said) => said.file === file).map((said) => others[said.line - 1]);
      assert.deepEqual(
        actual,
        others.filter((other) => stepOf(other) >= stepOf(room)),
        room,
      );
    }
  });

  it('lets each library be imported by its adapter alone', () => {
    for (const library of Object.keys(adapters)) {
      const files = Object.values(adapters).map((file) => ({ file, text: takes(library) }));
      const allowed = files.map(({ file }) => file);
      const refused = lint(files).map((said) => said.file);
      assert.deepEqual(
        allowed.filter((file) => !refused.includes(file)),
        [adapters[library as keyof typeof adapters]],
        library,
      );
    }
  });

  it('knows the adapter of every library the program has', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    assert.deepEqual(Object.keys(adapters).toSorted(), Object.keys(dependencies).toSorted());
  });

  it('has nothing against what is lawful', () => {
    assert.deepEqual(lint(lawful), []);
  });

  it('has a place for every room there is', () => {
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    assert.deepEqual(
      folders.map((folder) => folder.name).filter((name) => !rooms.includes(name)),
      [],
    );
  });
});

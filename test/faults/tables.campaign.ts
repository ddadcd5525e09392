import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { SnapshotView } from '../../src/terminal/table-views.ts';
import { builtProgram, type Ended, type Running, run, until } from '../e2e/program.ts';
import { Chance, givenSeed } from './chance.ts';
import { processesWith } from './marked.ts';
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
const seed = givenSeed();

/** How many starts are killed, and how often two meet. */
const kills = Number(process.env.FAULTS_KILLS ?? 100);
const meetings = Number(process.env.FAULTS_MEETINGS ?? 100);

/** Kills starts at moments that are spread over the time which others of their kind took. */
class Killer {
  struck = 0;
  readonly #longest = new Map<string, number>();
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** The first of each kind is let live. */
  async start(ground: Ground, kind: string, words: readonly string[], also = {}): Promise<Ended> {
    const begun = performance.now();
    const running = ground.start(words, { also });
    const longest = this.#longest.get(kind);
    if (longest !== undefined) await this.#strike(running, this.#chance.below(longest));
    const ended = await running.ended;
    if (longest === undefined) this.#longest.set(kind, performance.now() - begun);
    else this.struck += ended.status === null ? 1 : 0;
    await until('what it has started is gone', () => processesWith(`TMPDIR=${ground.path}/tmp`).length === 0);
    return ended;
  }

  async #strike({ process: one, ended }: Running, after: number): Promise<void> {
    await Promise.race([delay(after), ended]);
    if (one.exitCode === null && one.signalCode === null) one.kill('SIGKILL');
  }
}

/** Ends some calls of `crontab -` at a moment that is another each time. */
const killsCrontab = (chance: Chance) =>
  `[ "$1" = - ] && { exec 8<&0; $real - <&8 & sleep ${(chance.below(6) / 1_000).toFixed(4)}; kill -KILL $!; wait $!; exit; }`;

/** Installs the other form, or goes back to it, and is killed; then the next sync has to put everything right. */
async function strikeOnce(ground: Ground, { kind, form, both, killer, chance }: Round): Promise<void> {
  const way = chance.oneOf(['sync', 'sync', 'rollback', 'restore'] as const);
  ground.jobs(forms[form]);
  const byCrontab = kind === 'user' && chance.happens(0.25);
  if (byCrontab) {
    const { status, err } = await ground.cronwright(['sync'], { also: ground.misbehaving(killsCrontab(chance)) });
    assert.deepEqual([status, oneOf(ground.bytes(kind), both)], status === 0 ? [0, form] : [2, 1 - form], err);
    killer.struck += status === 0 ? 0 : 1;
  } else {
    const words = { sync: ['sync'], rollback: ['rollback', '--yes'], restore: ['restore', '', '--yes'] }[way];
    if (way === 'restore') words[1] = await snapshotOf(ground, both[form] as Buffer);
    await killer.start(ground, `${kind} ${way}`, words);
    oneOf(ground.bytes(kind), both);
  }
  // What restore has written is not what is installed, and somebody has to agree that it goes.
  await ground.ends(0, 'sync', ...(way === 'restore' ? ['--yes'] : []));
  assert.equal(oneOf(ground.bytes(kind), both), form, way);
}

interface Round {
  readonly kind: Kind;
  /** Which form is to be installed; the other one is. */
  readonly form: 0 | 1;
  readonly both: readonly Buffer[];
  readonly killer: Killer;
  readonly chance: Chance;
}

async function snapshotOf(ground: Ground, content: Buffer): Promise<string> {
  const all = JSON.parse((await ground.ends(0, 'snapshots', '--json')).out) as readonly SnapshotView[];
  const lines = content.toString('latin1').split('\n').length - 1;
  for (const { id, lines: count, bytes } of all) {
    if (count !== lines || bytes !== content.length) continue;
    const { out } = await ground.ends(0, 'snapshots', String(id));
    if (Buffer.from(out).equals(Buffer.from(content.toString()))) return String(id);
  }
  throw new Error('no snapshot has that table');
}

describe(`a start that is killed at any moment (seed ${seed})`, { concurrency: 4, skip: skipUnlessTables }, () => {
  for (const [place, kind] of kinds.entries()) {
    it(`leaves ${kind} as it was or as it is to be, and the next one puts everything right`, async (t) => {
      const chance = new Chance(seed + place);
      const killer = new Killer(chance);
      const ground = await newTableGround(t, launcher);
      const both = await bothForms(ground, kind);
      for (let round = 1; killer.struck < kills / 4 && round < kills; round += 1) {
        await strikeOnce(ground, { kind, form: (round % 2) as 0 | 1, both, killer, chance });
      }
      t.diagnostic(`${killer.struck} killed`);
      await ground.ends(0, 'drift');
      assert.deepEqual(ground.litter(), []);
    });
  }

  it('leaves what moves between two tables in one of them at least, and the next one takes it out of the other', async (t) => {
    const killer = new Killer(new Chance(seed));
    const ground = await newTableGround(t, launcher);
    const [first] = await bothForms(ground, 'user');
    const tables = ['user', 'cron.d'] as const;
    const has = () => tables.filter((kind) => ground.bytes(kind).includes('shop/backup'));
    for (let round = 1; killer.struck < kills / 4 && round < kills; round += 1) {
      const to = tables[round % 2] ?? 'user';
      await killer.start(ground, 'move', ['sync', '--target', to]);
      assert.ok(has().length > 0, 'it is nowhere');
      await ground.ends(0, 'sync', '--target', to);
      assert.deepEqual(has(), [to]);
      assert.deepEqual(ground.bytes('user'), to === 'user' ? first : foreign);
    }
    t.diagnostic(`${killer.struck} killed`);
    await ground.ends(0, 'drift');
    assert.deepEqual(ground.litter(), []);
  });
});

/** Another project, with its jobs in one of two forms. */
function storeFile(ground: Ground, form: number): string {
  const file = join(ground.path, `store-${form}.yaml`);
  const job = `count: { schedule: "${form} 9 * * *", command: "true" }`;
  writeFileSync(file, `version: 1\nproject: store\njobs: { ${job} }\n`);
  return file;
}

/** Two that start at once: each must do its work, or say that it could not. */
async function meet(ground: Ground, ...both: readonly (readonly string[])[]): Promise<void> {
  const ended = await Promise.all(both.map((words) => ground.cronwright(words)));
  for (const { status, err } of ended) assert.equal(status, 0, err);
}

/** What stands in a table outside of blocks, and the lines of two projects. */
function partsOf(table: Buffer): { readonly others: string; readonly shop: string; readonly store: string } {
  const text = table.toString('latin1');
  const block = (name: string) =>
    new RegExp(`^# BEGIN cronwright${name}\n((?:(?!#).*\n)*)# END cronwright${name}\n`, 'm');
  const [shop, store] = [' shop', ' store'].map((name) => block(name).exec(text)?.[1] ?? 'none');
  const others = ['', ' shop', ' store'].reduce((rest, name) => rest.replace(block(name), ''), text);
  return { others, shop: shop ?? '', store: store ?? '' };
}

const encounters: Readonly<Record<string, (ground: Ground, form: 0 | 1) => Promise<void>>> = {
  'of one project': (ground) => meet(ground, ['sync'], ['sync']),
  'of two projects': (ground, form) =>
    meet(ground, ['sync'], ['sync', '--target', 'user', '--file', storeFile(ground, form)]),
  'of two state directories': (ground, form) => {
    const other = ['--file', storeFile(ground, form), '--state', join(ground.path, 'other-state')];
    return meet(ground, ['sync', '--yes'], ['sync', '--yes', '--target', 'user', ...other]);
  },
};

describe(`two syncs at once (seed ${seed})`, { concurrency: 4, skip: skipUnlessTables }, () => {
  for (const [whose, meetOnce] of Object.entries(encounters)) {
    it(`${whose} leave the block of each whole, and the lines of others as they are`, async (t) => {
      const ground = await newTableGround(t, launcher);
      const wanted = (await bothForms(ground, 'user')).map((table) => partsOf(table).shop);
      for (let round = 1; round <= meetings / 4; round += 1) {
        const form = (round % 2) as 0 | 1;
        ground.jobs(forms[form]);
        await meetOnce(ground, form);
        const { others, shop, store } = partsOf(ground.bytes('user'));
        assert.deepEqual([others, shop], [foreign.toString('latin1'), wanted[form]]);
        if (whose !== 'of one project') assert.match(store, new RegExp(`^${form} 9 \\* \\* \\* .*store/count\n$`));
      }
      assert.deepEqual(ground.litter(), []);
    });
  }

  it('and a restore leave what one of the two wrote', async (t: TestContext) => {
    const ground = await newTableGround(t, launcher);
    const both = await bothForms(ground, 'user');
    const snapshot = await snapshotOf(ground, both[0]);
    for (let round = 1; round <= meetings / 4; round += 1) {
      ground.jobs(forms[1]);
      const ended = await Promise.all([
        ground.cronwright(['sync', '--yes']),
        ground.cronwright(['restore', snapshot, '--yes']),
      ]);
      for (const { status, err } of ended) assert.equal(status, 0, err);
      oneOf(ground.bytes('user'), both);
    }
  });
});

describe('a sync that may open few files', { skip: skipUnlessTables }, () => {
  it('leaves the old table or the new one, and says what it could not do', async (t) => {
    const ground = await newTableGround(t, launcher);
    const both = await bothForms(ground, 'user');
    const { path, state } = ground;
    const words = [ground.launcher, '--file', join(path, 'jobs.yaml'), '--state', state, 'sync'] as const;
    ground.jobs(forms[1]);
    const failures: number[] = [];
    for (let files = 18; ; files += 1) {
      const { status, err } = await run(['prlimit', `--nofile=${files}:${files}`, '--', ...words]);
      if (status === 0) break;
      assert.equal(oneOf(ground.bytes('user'), both), 0, err);
      // So few that Node.js itself does not start.
      if (status === null) continue;
      failures.push(files);
      assert.ok(err !== '' && files < 100, `${files} files: status ${status}`);
    }
    assert.ok(failures.length > 3);
    assert.equal(oneOf(ground.bytes('user'), both), 1);
    await ground.ends(0, 'drift');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RenderedJob } from '../../src/crontab/job-changes.ts';
import { type PlanInput, planSync, type TableInput } from '../../src/crontab/plan.ts';
import { usualSettings } from '../../src/job/completed.ts';
import type { Job, JobId, JobName } from '../../src/job/job.ts';

const project = 'shop' as JobName;
const tick = '* * * * * /bin/cronwright tick';

function job(name: string, changes: Partial<Job> = {}): RenderedJob {
  const id = `shop/${name}` as JobId;
  const spec: Job = {
    id,
    project,
    name: name as JobName,
    description: '',
    owner: '',
    schedule: ['0 3 * * *'],
    command: { kind: 'shell', line: 'true' },
    cwd: '',
    env: {},
    envFiles: [],
    timeout: 0,
    grace: 10_000,
    retry: { attempts: 1, delay: 0, backoff: 'fixed', maxDelay: 0, jitter: 0, on: 'any' },
    notify: { on: ['failure'], to: [] },
    ...usualSettings,
    ...changes,
  };
  return { job: spec, lines: [`${spec.schedule[0]} /bin/cronwright run --scheduled ${id}`] };
}

function tableOf(...jobs: RenderedJob[]): string {
  const lines = jobs.flatMap((one) => one.lines);
  return [
    '# BEGIN cronwright shop',
    ...lines,
    '# END cronwright shop',
    '# BEGIN cronwright',
    tick,
    '# END cronwright',
    '',
  ].join('\n');
}

interface Situation {
  readonly wanted?: readonly RenderedJob[];
  readonly installed?: readonly RenderedJob[];
  readonly table?: string;
  readonly current?: number | undefined;
  readonly settings?: readonly string[];
  /** What else there is to a plan. */
  readonly also?: Partial<PlanInput>;
}

/** A table with nothing to be taken out. */
function inputOf(target: string, table: string, changes: Partial<TableInput> = {}): TableInput {
  return { target, table: Buffer.from(table), replaces: [], ...changes };
}

const words = 'every day at 03:00';

function plan({ wanted = [], installed = [], table = '', settings = [], also = {}, ...rest }: Situation) {
  const current = 'current' in rest ? rest.current : 7;
  const input: PlanInput = {
    project,
    wanted,
    installed,
    taken: [],
    moved: [],
    revision: { current, next: 8 },
    settings,
    tick,
    installedTick: tick,
    otherTicks: [],
    into: inputOf('user', table),
    unfinished: [],
    others: [],
    ...also,
  };
  const { tables, hasChanges: changes, ...planned } = planSync(input);
  const texts = Object.fromEntries(tables.map(({ target, next }) => [target, next.toString()]));
  return { ...planned, changes, next: texts.user, texts };
}

const ids = (changes: readonly { readonly job: JobId }[]) => changes.map((change) => change.job);

describe('a plan', () => {
  const [a, b, c] = [job('a'), job('b'), job('c')];

  it('adds everything the first time, with a tick, below what is there', () => {
    const foreign = 'MAILTO=root\n0 1 * * * x\n# note\n@daily y\n';
    const { plan: made, next, changes } = plan({ wanted: [a, b], table: foreign, current: undefined });
    assert.deepEqual(made.add, [
      { job: 'shop/a', before: null, after: { lines: a.lines, words, spec: a.job }, fields: [] },
      { job: 'shop/b', before: null, after: { lines: b.lines, words, spec: b.job }, fields: [] },
    ]);
    assert.deepEqual([made.change, made.remove, made.unchanged, made.drift], [[], [], [], []]);
    assert.deepEqual([made.target, made.revision, made.unmanaged, changes], ['user', 8, 2, true]);
    assert.deepEqual(made.unmanagedEntries, [
      { line: 2, text: '0 1 * * * x' },
      { line: 4, text: '@daily y' },
    ]);
    assert.equal(next, foreign + tableOf(a, b));
  });

  it('is empty when everything is as it should be', () => {
    const { plan: made, next, changes } = plan({ wanted: [a, b], installed: [a, b], table: tableOf(a, b) });
    assert.deepEqual(made, {
      target: 'user',
      revision: 7,
      add: [],
      change: [],
      remove: [],
      unchanged: ['shop/a', 'shop/b'],
      moved: [],
      settings: [],
      drift: [],
      replaced: [],
      notFound: [],
      staysOut: [],
      leaves: [],
      unmanaged: 0,
      unmanagedEntries: [],
    });
    assert.deepEqual([changes, next], [false, tableOf(a, b)]);
  });

  it('tells additions, changes and removals apart', () => {
    const slower = job('b', { timeout: 60_000 });
    const { plan: made, next, changes } = plan({ wanted: [slower, c], installed: [a, b], table: tableOf(a, b) });
    assert.deepEqual([ids(made.add), ids(made.change), ids(made.remove)], [['shop/c'], ['shop/b'], ['shop/a']]);
    assert.deepEqual(made.remove[0], {
      job: 'shop/a',
      before: { lines: a.lines, words, spec: a.job },
      after: null,
      fields: [],
    });
    assert.deepEqual(made.drift, []);
    assert.deepEqual([made.revision, changes, next], [8, true, tableOf(b, c)]);
  });

  const changedFields: readonly (readonly [changes: Partial<Job>, fields: readonly string[]])[] = [
    [{ schedule: ['0 4 * * *'] }, ['schedule']],
    [{ schedule: ['0 3 * * *', '@reboot'] }, ['schedule']],
    [{ command: { kind: 'program', argv: ['true'] } }, ['command']],
    [{ env: { A: '${B}' }, envFiles: ['/etc/shop.env'] }, ['env', 'env-file']],
    [{ notify: { on: [], to: [] }, timeout: 1, grace: 1 }, ['timeout', 'grace', 'notify']],
    [{ description: 'x', owner: 'y', cwd: '/z' }, ['description', 'owner', 'cwd']],
    [{ retry: { ...a.job.retry, attempts: 2 } }, ['retry']],
    [{ user: 'www-data', umask: 0o27, nice: 5 }, ['user', 'umask', 'nice']],
    [{ stdin: { kind: 'text', text: 'x' }, overlap: 'wait', waitUpTo: 1 }, ['stdin', 'overlap', 'wait-up-to']],
    [
      { successExit: [0, 24], failWhen: { stderr: true, outputMatches: '' }, output: { ...a.job.output, keep: 1 } },
      ['success-exit', 'fail-when', 'output'],
    ],
  ];
  for (const [difference, fields] of changedFields) {
    it(`says that ${fields.join(', ')} of a job differ`, () => {
      const after = job('a', difference);
      const { plan: made } = plan({ wanted: [after], installed: [a], table: tableOf(a) });
      const [change] = made.change;
      assert.deepEqual([change?.fields, change?.before?.spec, change?.after?.spec], [fields, a.job, after.job]);
    });
  }

  it('says that the lines alone of a job differ, and not where they follow from what it says or from another launcher', () => {
    const [other, moved] = [
      '0 4 * * * /bin/cronwright run --scheduled shop/a',
      '0 3 * * * /opt/c run --scheduled shop/a',
    ];
    const {
      plan: made,
      changes,
      next,
    } = plan({ wanted: [{ ...a, lines: [other] }], installed: [a], table: tableOf(a) });
    assert.deepEqual(
      made.change.map(({ fields, before, after }) => [fields, before?.lines, after?.lines]),
      [[['lines'], a.lines, [other]]],
    );
    assert.deepEqual([changes, made.revision, next?.includes(other)], [true, 8, true]);
    const elsewhere = plan({ wanted: [{ ...a, lines: [moved] }], installed: [a], table: tableOf(a) });
    assert.deepEqual([elsewhere.plan.unchanged, elsewhere.plan.change], [['shop/a'], []]);
  });

  it('makes a new revision for a change that no table line shows, and leaves the table alone', () => {
    const table = tableOf(a);
    const { plan: made, changes, next } = plan({ wanted: [a], installed: [a], table, settings: ['mail'] });
    assert.deepEqual([made.settings, made.revision, changes, next], [['mail'], 8, true, table]);
  });

  it('mends drift without a new revision', () => {
    const table = tableOf(a, b).replace('0 3', '30 3').replace(`${tick}\n`, '');
    const { plan: made, changes, next } = plan({ wanted: [a, b], installed: [a, b], table });
    assert.deepEqual(
      made.drift.map(({ kind, job: id, wanted }) => [kind, id, wanted]),
      [
        ['edited', 'shop/a', a.lines[0]],
        ['deleted', null, tick],
      ],
    );
    assert.deepEqual([made.revision, changes, next], [7, true, tableOf(a, b)]);
  });

  it('puts back a block that was deleted', () => {
    const { plan: made, changes, next } = plan({ wanted: [a], installed: [a], table: '# mine\n' });
    assert.deepEqual(
      made.drift.map(({ kind }) => kind),
      ['block-gone', 'deleted'],
    );
    assert.deepEqual([changes, next], [true, `# mine\n${tableOf(a)}`]);
  });

  it('reports lines of a block that the registry does not know', () => {
    const { plan: made } = plan({ wanted: [a], table: tableOf(a), current: undefined });
    assert.deepEqual(made.drift, [{ kind: 'added', job: 'shop/a', wanted: null, found: a.lines[0], line: 2 }]);
  });

  it('has nothing against another order of the lines', () => {
    const { changes, next } = plan({ wanted: [a, b], installed: [a, b], table: tableOf(b, a) });
    assert.deepEqual([changes, next], [false, tableOf(b, a)]);
  });

  it('leaves no trace of a project without jobs', () => {
    const { plan: made, next } = plan({ installed: [a], table: `# mine\n${tableOf(a)}# end` });
    assert.deepEqual([ids(made.remove), next], [['shop/a'], '# mine\n# end']);
  });

  it('keeps the tick for the other projects of the table', () => {
    const other = '# BEGIN cronwright farm\n1 1 * * * z\n# END cronwright farm\n';
    const ticks = `# BEGIN cronwright\n${tick}\n# END cronwright\n`;
    const { next } = plan({ installed: [a], table: other + tableOf(a) });
    assert.equal(next, other + ticks);
  });
});

describe('a plan for jobs with another name', () => {
  const [a, b] = [job('a'), job('b')];
  const moved = [{ from: a.job.id, to: b.job.id }];

  it('shows neither an addition nor a removal, and gives the table the new line', () => {
    const { plan: made, changes, next } = plan({ wanted: [b], installed: [a], table: tableOf(a), also: { moved } });
    assert.deepEqual([made.add, made.remove, made.moved, made.unchanged], [[], [], moved, ['shop/b']]);
    assert.deepEqual([made.revision, changes, made.drift, next], [8, true, [], tableOf(b)]);
  });

  it('says what else differs', () => {
    const slower = job('b', { timeout: 60_000 });
    const { plan: made } = plan({ wanted: [slower], installed: [a], table: tableOf(a), also: { moved } });
    const [change] = made.change;
    assert.deepEqual(
      [change?.job, change?.before?.spec.id, change?.after?.spec.id, change?.fields],
      ['shop/b', 'shop/a', 'shop/b', ['timeout']],
    );
  });
});

describe('a plan for jobs that take the place of lines', () => {
  const [a, b] = [job('a'), job('b')];
  const replaced = (one: RenderedJob, ...lines: readonly string[]) => ({ job: one.job.id, table: '', lines });

  it('takes them out of the same table', () => {
    const table = 'MAILTO=ops\n# nightly\n0 3 * * * old\n0 4 * * * mine\n';
    const into = inputOf('user', table, { replaces: [replaced(a, '# nightly', '0 3 * * * old')] });
    const { plan: made, next } = plan({ wanted: [a], table, current: undefined, also: { into } });
    assert.deepEqual(made.replaced, [
      { job: 'shop/a', target: 'user', line: 2, text: '# nightly' },
      { job: 'shop/a', target: 'user', line: 3, text: '0 3 * * * old' },
    ]);
    assert.deepEqual(made.unmanagedEntries, [{ line: 4, text: '0 4 * * * mine' }]);
    assert.equal(next, `MAILTO=ops\n0 4 * * * mine\n${tableOf(a)}`);
  });

  it('names those that a new job does not find, and no more once it is installed', () => {
    const table = '0 4 * * * old\n0 1 * * * gone\n';
    const replaces = [replaced(a, '# nightly', '0 3 * * * old'), replaced(b, '0 1 * * * gone')];
    const into = inputOf('user', table, { replaces });
    const { plan: made, next = '' } = plan({ wanted: [a, b], table, current: undefined, also: { into } });
    assert.deepEqual(made.notFound, [{ job: 'shop/a', target: 'user', text: '0 3 * * * old' }]);
    const again = plan({
      wanted: [a, b],
      installed: [a, b],
      table: next,
      also: { into: inputOf('user', next, { replaces }) },
    });
    assert.deepEqual([again.plan.notFound, again.changes], [[], false]);
  });

  it('names those that do not come back, once the jobs in their places go', () => {
    const taken = ['# nightly', '0 3 * * * old'].map((text) => ({ job: a.job.id, target: 'user', text, snapshot: 3 }));
    const table = tableOf(a, b);
    assert.deepEqual(plan({ wanted: [a, b], installed: [a, b], table, also: { taken } }).plan.staysOut, []);
    assert.deepEqual(plan({ wanted: [b], installed: [a, b], table, also: { taken } }).plan.staysOut, taken);
    const back = plan({ wanted: [b], installed: [a, b], table: `# nightly\n0 3 * * * old\n${table}`, also: { taken } });
    assert.deepEqual(back.plan.staysOut, []);
  });

  it('takes them out of other tables, and leaves a table without them alone', () => {
    const line = '0 3 * * * root old';
    const others = [
      inputOf('/etc/crontab', `SHELL=/bin/sh\n${line}\n`, { replaces: [replaced(b, line)] }),
      inputOf('user:ann', '# none\n', { replaces: [replaced(a, line)] }),
    ];
    const installed = { wanted: [a, b], installed: [a, b], table: tableOf(a, b) };
    const { plan: made, changes, texts } = plan({ ...installed, also: { others } });
    assert.deepEqual(made.replaced, [{ job: 'shop/b', target: '/etc/crontab', line: 2, text: line }]);
    assert.deepEqual(texts, { user: tableOf(a, b), '/etc/crontab': 'SHELL=/bin/sh\n', 'user:ann': '# none\n' });
    assert.deepEqual([changes, made.revision, made.unmanaged], [true, 7, 0]);
  });
});

describe('a plan for another table', () => {
  const [a, b] = [job('a'), job('b')];
  const other = '# BEGIN cronwright farm\n1 1 * * * z\n# END cronwright farm\n';
  const to = (left: string, into = '') => ({
    into: inputOf('file:/new', into),
    left: inputOf('user', left),
  });

  it('puts the block into the new one, and takes block and tick out of the old one', () => {
    const also = to(`# mine\n${tableOf(a)}`, '# theirs\n');
    const { plan: made, texts } = plan({ wanted: [a, b], installed: [a], settings: ['target'], also });
    assert.deepEqual([made.target, made.leaves, ids(made.add), made.drift], ['file:/new', ['user'], ['shop/b'], []]);
    assert.deepEqual(texts, { 'file:/new': `# theirs\n${tableOf(a, b)}`, user: '# mine\n' });
  });

  it('leaves the tick of the old one to other projects, as it is', () => {
    const otherTick = '# BEGIN cronwright\n* * * * * /opt/cronwright tick\n# END cronwright\n';
    const table = other + tableOf(a).replace(tick, '* * * * * /opt/cronwright tick');
    const { texts } = plan({ wanted: [a], installed: [a], settings: ['target'], also: to(table) });
    assert.equal(texts.user, other + otherTick);
  });

  it('says in what the old one was not as installed, and takes strays along', () => {
    const table = `${a.lines[0]}\n${tableOf(a)}`;
    const { plan: made, texts } = plan({ wanted: [a], installed: [a], settings: ['target'], also: to(table) });
    assert.deepEqual(
      made.drift.map(({ kind, line }) => [kind, line]),
      [['duplicated', 1]],
    );
    assert.equal(texts.user, '');
  });
});

describe('lines of ours outside of the block', () => {
  const [a, b] = [job('a'), job('b')];

  it('are taken back into it, or out where the block has them too', () => {
    const table = `${a.lines[0]}\n# mine\n${tableOf(b)}${b.lines[0]}\n`;
    const { plan: made, next } = plan({ wanted: [a, b], installed: [a, b], table });
    assert.deepEqual(
      made.drift.map(({ kind, job: id, line }) => [kind, id, line]),
      [
        ['moved-out', 'shop/a', 1],
        ['duplicated', 'shop/b', 9],
      ],
    );
    assert.deepEqual([made.unmanaged, next], [0, `# mine\n${tableOf(a, b)}`]);
  });
});

describe('the tick of several projects', () => {
  const a = job('a');
  const theirs = '* * * * * /opt/cronwright tick';
  const table = tableOf(a).replace(tick, theirs);

  it('stays as another one wrote it', () => {
    const { changes, plan: made } = plan({ wanted: [a], installed: [a], table, also: { otherTicks: [theirs] } });
    assert.deepEqual([changes, made.drift], [false, []]);
  });

  it('becomes ours when cronwright lies elsewhere', () => {
    const also = { otherTicks: [theirs], installedTick: '* * * * * /old/cronwright tick' };
    assert.equal(plan({ wanted: [a], installed: [a], table, also }).next, tableOf(a));
  });

  it('stands beside that of another state directory as long as either has jobs', () => {
    const block =
      '# BEGIN cronwright farm\n1 1 * * * /bin/cronwright --state /srv/farm run --scheduled farm/z\n# END cronwright farm\n';
    const ticks = (...lines: string[]) => `# BEGIN cronwright\n${lines.join('\n')}\n# END cronwright\n`;
    const farm = '* * * * * /bin/cronwright --state /srv/farm tick';
    const alone = block + ticks(farm);
    const made = plan({ wanted: [a], table: alone, current: undefined });
    assert.deepEqual(made.plan.drift, []);
    const both = made.next ?? '';
    assert.ok(both.includes(block) && both.includes(ticks(farm, tick)), both);
    assert.deepEqual(plan({ wanted: [a], installed: [a], table: both }).changes, false);
    const left = plan({ installed: [a], table: both });
    assert.deepEqual([left.next, left.plan.drift], [alone, []]);
    const mended = plan({ wanted: [a], installed: [a], table: both.replace(`${tick}\n`, '') });
    assert.deepEqual([mended.plan.drift.map(({ kind }) => kind), mended.next], [['deleted'], both]);
  });

  it('is drift where nobody wrote it', () => {
    const { plan: made, next } = plan({ wanted: [a], installed: [a], table });
    assert.deepEqual([made.drift.map(({ kind }) => kind), next], [['edited'], tableOf(a)]);
  });
});

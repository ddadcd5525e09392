import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type PlanInput, planSync, type RenderedJob } from '../../src/crontab/plan.ts';
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
}

function plan({ wanted = [], installed = [], table = '', settings = [], ...rest }: Situation) {
  const current = 'current' in rest ? rest.current : 7;
  const input: PlanInput = {
    target: 'user',
    project,
    wanted,
    installed,
    revision: { current, next: 8 },
    settings,
    table: Buffer.from(table),
    tick,
  };
  const planned = planSync(input);
  return { ...planned, next: planned.nextTable.toString() };
}

const ids = (changes: readonly { readonly job: JobId }[]) => changes.map((change) => change.job);

describe('a plan', () => {
  const [a, b, c] = [job('a'), job('b'), job('c')];

  it('adds everything the first time, with a tick, below what is there', () => {
    const foreign = 'MAILTO=root\n0 1 * * * x\n# note\n@daily y\n';
    const { plan: made, next, changes } = plan({ wanted: [a, b], table: foreign, current: undefined });
    assert.deepEqual(made.add, [
      { job: 'shop/a', before: null, after: { lines: a.lines, spec: a.job }, fields: [] },
      { job: 'shop/b', before: null, after: { lines: b.lines, spec: b.job }, fields: [] },
    ]);
    assert.deepEqual([made.change, made.remove, made.unchanged, made.drift], [[], [], [], []]);
    assert.deepEqual([made.target, made.revision, made.unmanaged, changes], ['user', 8, 2, true]);
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
      settings: [],
      drift: [],
      unmanaged: 0,
    });
    assert.deepEqual([changes, next], [false, tableOf(a, b)]);
  });

  it('tells additions, changes and removals apart', () => {
    const slower = job('b', { timeout: 60_000 });
    const { plan: made, next, changes } = plan({ wanted: [slower, c], installed: [a, b], table: tableOf(a, b) });
    assert.deepEqual([ids(made.add), ids(made.change), ids(made.remove)], [['shop/c'], ['shop/b'], ['shop/a']]);
    assert.deepEqual(made.remove[0], {
      job: 'shop/a',
      before: { lines: a.lines, spec: a.job },
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
    assert.deepEqual([changes, made.revision, next.includes(other)], [true, 8, true]);
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
      ['deleted', 'deleted'],
    );
    assert.deepEqual([changes, next], [true, `# mine\n${tableOf(a)}`]);
  });

  it('reports lines of a block that the registry does not know', () => {
    const { plan: made } = plan({ wanted: [a], table: tableOf(a), current: undefined });
    assert.deepEqual(made.drift, [{ kind: 'added', job: 'shop/a', wanted: null, found: a.lines[0] }]);
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

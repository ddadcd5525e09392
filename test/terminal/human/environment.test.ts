import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { differenceWords, environment } from '../../../src/terminal/human/environment.ts';
import type { EnvironmentView, VariableView } from '../../../src/terminal/views.ts';
import { pageOf } from '../samples.ts';

function variable(name: string, changes: Partial<VariableView> = {}): VariableView {
  return { name, value: 'x', origin: 'cron', file: null, secret: false, ...changes };
}

const view: EnvironmentView = {
  job: 'shop/backup',
  user: {
    name: 'www-data',
    uid: 33,
    groups: [
      { name: 'www-data', gid: 33 },
      { name: 'ssl-cert', gid: 110 },
    ],
  },
  cwd: '/srv/shop',
  umask: '0027',
  nice: 5,
  stdin: { kind: 'empty' },
  variables: [
    variable('CRONWRIGHT_RUN', { value: null, origin: 'cronwright' }),
    variable('LONG', { value: `/a${'/b'.repeat(40)}`, origin: 'env' }),
    variable('PATH', { value: '/opt/bin:/bin', origin: 'outer' }),
    variable('PASSWORD', { value: null, origin: 'env-file', file: '/etc/shop/secrets', secret: true }),
    variable('TITLE', { value: 'two\nlines\u001b[2J', origin: 'env' }),
  ],
};

suite('what a task sees', () => {
  test('is one variable a line with where it comes from, secrets hidden, nothing that moves the cursor', () => {
    assert.equal(
      environment(view, pageOf()),
      `shop/backup as cron starts it
  user         www-data (33)
  groups       www-data (33), ssl-cert (110)
  directory    /srv/shop
  umask        0027
  nice         +5 to what cron has
  input        nothing

CRONWRIGHT_RUN=(of each run)                      # cronwright
LONG=/a${'/b'.repeat(40)} # env: of the job
PATH=/opt/bin:/bin                                # the table
PASSWORD=(hidden)                                 # /etc/shop/secrets
TITLE=two\\nlines                                  # env: of the job`,
    );
  });
});

suite('the difference to cron', () => {
  test('names what is set otherwise and what is missing, and values only where nobody keeps secrets', () => {
    const own = {
      PATH: '/home/ann/bin:/bin',
      HOME: '/home/ann',
      EDITOR: 'vi',
      LANG: 'C',
      A: '1',
      B: '2',
      C: '3',
      PWD: '/',
    };
    const underCron = { PATH: '/usr/bin:/bin', HOME: '/home/ann', TOKEN: 'secret', MAILTO: 'ann' };
    assert.equal(
      differenceWords(own, underCron),
      'PATH=/usr/bin:/bin, TOKEN and MAILTO as in the table; without A, B, C, EDITOR and 1 more',
    );
  });

  test('is one sentence where there is none', () => {
    assert.equal(differenceWords({ PATH: '/bin' }, { PATH: '/bin' }), 'nothing differs from your environment');
  });
});

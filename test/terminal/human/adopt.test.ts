import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { adoption } from '../../../src/terminal/human/adopt.ts';
import { makeStyle } from '../../../src/terminal/style.ts';
import type { AdoptedJobView, AdoptView } from '../../../src/terminal/table-views.ts';
import { pageOf } from '../samples.ts';

const entry = '25 6\t* * *\troot\ttest -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }';

const job: AdoptedJobView = {
  job: 'main/cron-daily',
  table: '/etc/cron.d/some-package-of-the-distribution',
  line: 19,
  entry,
  schedule: '25 6 * * *',
  words: 'every day at 06:25',
  command: 'run-parts --report /etc/cron.daily',
  user: 'root',
  spec: { schedule: '25 6 * * *', command: 'run-parts --report /etc/cron.daily' },
  notes: ['MAILTO names ops@example.org, who are told only once the jobs file has mail:'],
  offers: [{ found: 'flock -n /tmp/report.lock', settings: { overlap: 'skip' }, taken: false }],
};

const view: AdoptView = {
  file: '/etc/cronwright/jobs.yaml',
  written: false,
  tables: ['user'],
  jobs: [job],
  obstructed: [
    {
      table: 'user',
      line: 18,
      entry: '0 22-2 * * * /usr/local/bin/night',
      obstacle: 'Debian’s cron takes 22-2 and never runs it',
      remedy: 'correct the entry to what is meant',
    },
  ],
  adopted: 0,
  leftOut: 0,
};

suite('what adopt found', () => {
  test('says of each entry where it stands, what it becomes, and what stands in the way', () => {
    assert.equal(
      adoption(view, pageOf()),
      `+ main/cron-daily  every day at 06:25
    /etc/cron.d/some-package-of-the-distribution:19  25 6 * * * root test -x
      /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }
    note  MAILTO names ops@example.org, who are told only once the jobs file
      has mail:
    offer  overlap: skip can take the place of flock -n /tmp/report.lock

! user:18 stays as it is
    0 22-2 * * * /usr/local/bin/night
    why  Debian’s cron takes 22-2 and never runs it
    →  correct the entry to what is meant

user: 1 job to adopt, 1 cannot be adopted`,
    );
  });

  test('says once what is to be known of several', () => {
    const [own, ...others] = ['of its own', 'of two', 'of all'];
    const jobs = ['a', 'b', 'c-with-a-name-of-some-length'].map((name, index) => {
      const notes = [...(index === 0 ? [own] : []), ...others.slice(index === 2 ? 1 : 0)].map(String);
      return { ...job, job: `main/${name}`, entry: name, offers: [], notes };
    });
    const text = adoption({ ...view, jobs, obstructed: [] }, { ...pageOf(), width: 40 });
    assert.match(text, /^\+ main\/a .*\n.*\n( {6}.*\n)* {4}note {2}of its own\n\n\+ main\/b/);
    assert.match(
      text,
      /\n\nnote {2}main\/a, main\/b\n {4}of two\n\nnote {2}main\/a, main\/b,\n {6}main\/c-with\S+\n {4}of all\n\n/,
    );
    assert.equal(text.match(/of all/g)?.length, 1);
  });

  test('reads the same in colours', () => {
    const coloured = adoption(view, { ...pageOf(), style: makeStyle(true) });
    assert.notEqual(coloured, adoption(view, pageOf()));
    assert.equal(stripVTControlCharacters(coloured), adoption(view, pageOf()));
  });
});

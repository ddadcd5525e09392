import { canMakeSystem, programForAll } from './other-crons.ts';
import { bytes, tableLife } from './table-life.ts';

const launcher = canMakeSystem('cronie') ? programForAll() : '';

tableLife(launcher, {
  cron: 'cronie',
  title: 'cronie',
  foreign: bytes,
  full: { table: '0 5 * * * true\n'.repeat(9_999), said: /has 10001 entries.*takes at most 10000/ },
});
tableLife(launcher, {
  cron: 'busybox',
  title: 'BusyBox crond',
  foreign: bytes,
  full: { table: '# one of many\n'.repeat(251), user: 'alice', said: /has 257 lines.*takes at most 256/ },
  takesOpenEnd: true,
});

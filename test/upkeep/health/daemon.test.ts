import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { cronDaemon, daemonFolders } from '../../../src/upkeep/health/daemon.ts';
import { newRoot, processes, verdict } from './rig.ts';

suite('the daemon', () => {
  test('is running, under any of its names', (t) => {
    const root = newRoot(t);
    for (const [name, title] of [
      ['cron', 'cron'],
      ['crond', 'crond'],
      ['bcron-sched', 'bcron'],
    ] as const) {
      const proc = processes(t, { name: 'init' }, { name });
      assert.deepEqual(verdict(cronDaemon(proc, root)), ['ok', `${title} is running`]);
    }
  });

  test('is missed where none runs, or only that of a container', (t) => {
    const root = newRoot(t);
    const message = 'no cron daemon is running, so nothing starts the jobs';
    assert.deepEqual(verdict(cronDaemon(processes(t, { name: 'cronie' }), root)), ['problem', message]);
    const theirs = processes(t, { name: 'crond', container: 'theirs' });
    assert.deepEqual(verdict(cronDaemon(theirs, root)), ['problem', message]);
  });

  test('counts where nobody but root may see in which container it is', (t) => {
    const proc = processes(t, { name: 'cron', container: null });
    assert.equal(cronDaemon(proc, newRoot(t)).state, 'ok');
  });

  test('is one, whatever it has started for its jobs', (t) => {
    const proc = processes(t, { name: 'cron' }, { name: 'cron', parent: 1 }, { name: 'cron', parent: 2 });
    assert.deepEqual(verdict(cronDaemon(proc, newRoot(t))), ['ok', 'cron is running']);
    assert.deepEqual(daemonFolders(proc), [`${proc}/1`]);
  });

  test('is worth a look where there are two', (t) => {
    const proc = processes(t, { name: 'cron' }, { name: 'crond' });
    const { state, message } = cronDaemon(proc, newRoot(t));
    assert.equal(state, 'warning');
    assert.match(message, /cron and crond/);
  });

  test('is systemd where that makes timers of crontabs, and with another beside it there are two', (t) => {
    const generator = '/usr/lib/systemd/system-generators/systemd-crontab-generator';
    const root = newRoot(t, { [generator]: '' });
    assert.deepEqual(verdict(cronDaemon(processes(t, { name: 'systemd' }), root)), ['ok', 'systemd-cron is running']);
    assert.equal(cronDaemon(processes(t, { name: 'systemd' }, { name: 'cron' }), root).state, 'warning');
    assert.equal(cronDaemon(processes(t, { name: 'runit' }), root).state, 'problem');
    assert.equal(cronDaemon(processes(t, { name: 'systemd' }), newRoot(t)).state, 'problem');
  });

  test('cannot be seen without a file system of processes', (t) => {
    assert.equal(cronDaemon(`${newRoot(t)}/proc`).state, 'unknown');
  });
});

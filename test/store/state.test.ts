import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeStateDirectory, stateDirectory } from '../../src/store/state.ts';
import { openExistingStore, openStore, openStoreIfAny } from '../../src/store/store.ts';
import { newPath } from './rig.ts';

const isRoot = userInfo().uid === 0;
/** The user nobody on every Linux. */
const other = 65_534;

/** What a user other than root gets: where the state is, and whether a table line for it names it. */
function asUser(env: Readonly<Record<string, string>>): readonly string[] {
  const program = fileURLToPath(new URL('../fixtures/store/says-default-directory.ts', import.meta.url));
  const words = execFileSync(process.execPath, [program], {
    env,
    cwd: '/',
    encoding: 'utf8',
    ...(isRoot ? { uid: other, gid: other } : {}),
  });
  return words.trim().split('\n');
}

suite('where state is kept', () => {
  test('is /var/lib for root', { skip: isRoot ? false : 'only root is root' }, () => {
    assert.equal(stateDirectory(undefined, { HOME: '/root', XDG_STATE_HOME: '/elsewhere' }), '/var/lib/cronwright');
  });

  test('is below an absolute XDG_STATE_HOME, which a table line has to name', () => {
    assert.deepEqual(asUser({ HOME: '/home/ann', XDG_STATE_HOME: '/data/state' }), [
      '/data/state/cronwright',
      '/data/state/cronwright',
    ]);
  });

  test('is below the home directory where XDG_STATE_HOME is relative, empty or missing', () => {
    for (const env of [{ XDG_STATE_HOME: 'state' }, { XDG_STATE_HOME: '' }, {}]) {
      assert.equal(asUser({ HOME: '/home/ann', ...env })[0], '/home/ann/.local/state/cronwright');
    }
  });

  test('is named in a table line where HOME is not the one that cron will set', () => {
    assert.equal(asUser({ HOME: '/home/left-by-sudo' })[1], '/home/left-by-sudo/.local/state/cronwright');
    assert.equal(asUser({})[1], 'unnamed');
  });

  test('is what --state names, before what CRONWRIGHT_STATE names, as an absolute path', () => {
    assert.equal(stateDirectory('here', { CRONWRIGHT_STATE: '/there' }), resolve('here'));
    assert.equal(stateDirectory(undefined, { CRONWRIGHT_STATE: '/there' }), '/there');
    assert.notEqual(stateDirectory(undefined, { CRONWRIGHT_STATE: '' }), resolve(''));
  });

  test('has one name, however it is written', () => {
    for (const written of ['/srv/state', '/srv/state/', '/srv//state', '/srv/./state', '/srv/other/../state']) {
      assert.equal(stateDirectory(written, {}), '/srv/state');
    }
    assert.equal(stateDirectory('/srv/.state', {}), '/srv/.state');
    assert.equal(stateDirectory('/srv/..state', {}), '/srv/..state');
    assert.equal(stateDirectory('/', {}), '/');
  });
});

suite('a state directory', () => {
  test('is made with its parents, for its owner alone', (t) => {
    const path = join(newPath(t), 'a/b');
    makeStateDirectory(path);
    assert.equal(statSync(path).mode & 0o777, 0o700);
  });

  test('that is empty, or has our database in it, is closed to others', (t) => {
    const path = newPath(t);
    for (const name of [undefined, 'cronwright.db']) {
      mkdirSync(path, { recursive: true });
      if (name !== undefined) writeFileSync(join(path, name), '');
      chmodSync(path, 0o755);
      makeStateDirectory(path);
      assert.equal(statSync(path).mode & 0o777, 0o700);
    }
  });

  test('is not made of one that others use: its permissions stay', (t) => {
    const path = newPath(t);
    mkdirSync(path);
    chmodSync(path, 0o755);
    writeFileSync(join(path, 'of-others'), '');
    assert.throws(() => makeStateDirectory(path), { name: 'UserError', message: /open to other users/ });
    assert.equal(statSync(path).mode & 0o777, 0o755);
  });

  test('is refused where it belongs to somebody else', { skip: isRoot ? false : 'only root can give it away' }, (t) => {
    const path = newPath(t);
    mkdirSync(path, { mode: 0o700 });
    execFileSync('chown', [String(other), path]);
    assert.throws(() => makeStateDirectory(path), {
      name: 'UserError',
      message: /belongs to another user \(id 65534\)/,
    });
  });

  test('is refused where it is a file', (t) => {
    const path = newPath(t);
    writeFileSync(path, '');
    assert.throws(() => openStore(path), { name: 'UserError', message: /cannot use the state directory/ });
  });

  test('is not made by looking into it', (t) => {
    const path = newPath(t);
    assert.equal(openStoreIfAny(path), undefined);
    assert.throws(() => openExistingStore(path), { name: 'UserError', hint: /cronwright sync/ });
    assert.throws(() => statSync(path), { code: 'ENOENT' });
  });
});

test('root does not use a state directory that another account could exchange', {
  skip: isRoot ? false : 'only root can',
}, (t) => {
  const path = newPath(t);
  openStore(path).close();
  chownSync(dirname(path), other, other);
  for (const open of [openStore, openExistingStore, openStoreIfAny]) {
    assert.throws(() => open(path), {
      name: 'UserError',
      message: /root does not use the state directory/,
      hint: /sudo -u/,
    });
  }
  chownSync(dirname(path), 0, 0);
  openExistingStore(path).close();
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { accountOf } from '../../src/job/account.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const source = pathToFileURL(`${import.meta.dirname}/../../src/job/account.ts`).href;
const directory = temporaryDirectory();
const isRoot = process.geteuid?.() === 0;

/** What a process finds that has done something first, perhaps started by another program. */
function found(call: string, { first = '', by = [] }: { first?: string; by?: readonly string[] } = {}): unknown {
  const code = `import { accountOf, ownAccount } from ${JSON.stringify(source)}; ${first}; console.log(JSON.stringify(${call} ?? null));`;
  const [program = '', ...words] = [...by, process.execPath, '--input-type=module', '--eval', code];
  const env = { HOME: '/elsewhere', PATH: process.env.PATH };
  const { stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', env });
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

suite('the own account', () => {
  test('is that of the user database, whatever HOME says', () => {
    const { username: user, uid, gid, homedir: home, shell } = userInfo();
    assert.deepEqual(found('ownAccount()'), { user, uid, gid, home, shell });
  });

  test('goes by its number where it has no entry', { skip: skipWithout(isRoot, 'root') }, () => {
    const account = { user: '54321', uid: 54321, gid: process.getegid?.(), home: '/', shell: '/bin/sh' };
    assert.deepEqual(found('ownAccount()', { first: 'process.setuid(54321)' }), account);
  });
});

/** A mount namespace in which getent(1) is another program. */
function withGetent(script: string): readonly string[] {
  const path = writeFile(directory, 'getent', script, 0o755);
  return ['unshare', '--mount', 'sh', '-ec', `mount --bind ${path} "$(command -v getent)"; exec "$@"`, 'sh'];
}

const canMount = isRoot && spawnSync('unshare', ['--mount', 'true']).status === 0;
const mounting = { skip: skipWithout(canMount, 'root and unshare(1)') };

suite('the account of a name', () => {
  test('has all that the user database says', () => {
    const { username: user, uid, gid, homedir: home, shell } = userInfo();
    assert.deepEqual(accountOf(user), { user, uid, gid, home, shell });
  });

  test('may live in a directory service, which getent asks', mounting, () => {
    const by = withGetent(
      '#!/bin/sh\n[ "$*" = "passwd SHOP\\\\jane" ] && echo "SHOP\\\\jane:*:70001:70002:Jane:/home/jane:"\n',
    );
    const account = { user: 'SHOP\\jane', uid: 70_001, gid: 70_002, home: '/home/jane', shell: '/bin/sh' };
    assert.deepEqual(found('accountOf("SHOP\\\\jane")', { by }), account);
  });

  test('is read from /etc/passwd where getent fails', mounting, () => {
    const by = withGetent('#!/bin/sh\nexit 1\n');
    assert.deepEqual(found('accountOf("root")', { by }), accountOf('root'));
    assert.equal(found('accountOf("roo")', { by }), null);
    const missing = [
      'unshare',
      '--mount',
      'sh',
      '-ec',
      'mount --bind /dev/null "$(command -v getent)"; exec "$@"',
      'sh',
    ];
    assert.deepEqual(found('accountOf("root")', { by: missing }), accountOf('root'));
  });

  test('is none where getent says that there is none, and where its answer is no entry', mounting, () => {
    assert.equal(found('accountOf("root")', { by: withGetent('#!/bin/sh\nexit 2\n') }), null);
    assert.equal(found('accountOf("root")', { by: withGetent('#!/bin/sh\necho "root:x:zero:0"\n') }), null);
  });

  test('is none for what is no name', () => {
    for (const name of ['nobody-of-this-name', '', '0', '-s', 'root:x', 'root\n', '../etc', 'a b']) {
      assert.equal(accountOf(name), undefined, JSON.stringify(name));
    }
  });
});

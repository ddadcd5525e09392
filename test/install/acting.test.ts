import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { skipWithout } from '../schedule/requirement.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const isRoot = userInfo().uid === 0;
const asRoot = { skip: skipWithout(isRoot, 'root') };
const source = pathToFileURL(`${import.meta.dirname}/../../src/install/acting.ts`).href;
const actsAs = fileURLToPath(new URL('../fixtures/install/acts-as.ts', import.meta.url));
const place = temporaryDirectory();
chmodSync(place, 0o755);
mkdirSync(join(place, 'home'));

/** The ids of a user that exists nowhere else, and of the group that it is in besides its own. */
const [ann, others] = [54_321, 54_322];
if (isRoot) chownSync(join(place, 'home'), ann, ann);
const rootGroups = spawnSync('id', ['-G', 'root'], { encoding: 'utf8' }).stdout.trim().split(' ').map(Number);

/** A mount namespace in which the system knows ann. */
function whereAnnIs(words: readonly string[], spool = '/mnt'): readonly [string, ...string[]] {
  const passwd = `${readFileSync('/etc/passwd', 'utf8')}ann:x:${ann}:${ann}::${place}/home:/bin/sh\n`;
  const group = `${readFileSync('/etc/group', 'utf8')}ann:x:${ann}:\nothers:x:${others}:ann\n`;
  const paths = [writeFile(place, 'passwd', passwd), writeFile(place, 'group', group)];
  const own = join(place, 'spool');
  mkdirSync(own, { recursive: true });
  const mounts = ['"$0" /etc/passwd', '"$1" /etc/group', `${own} ${spool}`].map((pair) => `mount --bind ${pair}`);
  return ['unshare', '--mount', 'sh', '-c', `${mounts.join(' && ')} && shift && exec "$@"`, ...paths, ...words];
}

function node(words: readonly string[], env: NodeJS.ProcessEnv = {}, spool?: string): string {
  const [program, ...rest] = whereAnnIs([process.execPath, ...words], spool);
  const { stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } });
  assert.equal(stderr, '');
  return stdout;
}

/** What an expression throws in a process that has done something first. */
function thrown(call: string, first = ''): unknown {
  const code = `import { actAs, actingFor, checkWithin, readActing } from ${JSON.stringify(source)}; ${first};
    try { console.log(JSON.stringify({ value: ${call} })) } catch (e) {
      console.log(JSON.stringify({ message: e.message, exit: e.exit }))
    }`;
  return JSON.parse(node(['--input-type=module', '--eval', code], { HOME: '/root' }));
}

suite('root that acts as somebody', asRoot, () => {
  /** A crontab program that notes with whose rights it was called, and how. */
  const crontab = `#!/bin/sh
echo "$(id -u) $(id -ru) $(id -g) $*" >>${place}/calls
store=${place}/root-only/store
shift 2
case "$1" in
-l) cat "$store" 2>/dev/null || { echo "no crontab for ann" >&2; exit 1; } ;;
-) cat >"$store" ;;
esac
`;

  test('has its rights and state, and takes root’s back to call crontab for it', () => {
    mkdirSync(join(place, 'root-only'), { mode: 0o700 });
    mkdirSync(join(place, 'bin'));
    writeFile(join(place, 'bin'), 'crontab', crontab, 0o755);
    const notes = `#!/bin/sh\n{ echo "$A $HOME $LOGNAME"; pwd; id -ru; id -u; id -G; } >"$HOME/probed"\n`;
    const launcher = writeFile(place, 'cronwright', notes, 0o755);
    const secret = writeFile(join(place, 'root-only'), 'secret', 'open', 0o600);
    const env = { PATH: `${place}/bin:/usr/bin:/bin`, HOME: '/root', XDG_STATE_HOME: '/root/state', USER: 'root' };

    const said = JSON.parse(node([actsAs, 'user:ann', launcher, secret], env));

    const [home, state] = [join(place, 'home'), join(place, 'home/.local/state/cronwright')];
    const ids = [0, ann, ann, [ann, others]];
    assert.deepEqual(said, {
      target: 'user',
      label: 'user',
      account: 'ann',
      home,
      stateHome: null,
      state,
      launcher: { path: launcher },
      table: 'A=b\n# BEGIN cronwright shop\n# END cronwright shop\n',
      probe: { ok: true },
      ids,
      within: [0, 0, 0, rootGroups],
      later: ids,
      after: ids,
      refused: 'EACCES',
      allowed: 'open',
    });
    const calls = readFileSync(join(place, 'calls'), 'utf8').trim().split('\n');
    const expected = ['-u ann -l', '-u ann -l', '-V -l', '-u ann -', '-u ann -l', '-u ann -l'].map(
      (asked) => `0 0 0 ${asked}`,
    );
    assert.deepEqual(calls, expected);
    const probed = readFileSync(join(home, 'probed'), 'utf8').trim().split('\n');
    assert.deepEqual(probed, [`b ${home} ann`, home, `${ann}`, `${ann}`, `${ann} ${others}`]);
    for (const path of [state, join(state, 'cronwright.db'), join(home, 'made'), join(home, 'probed')])
      assert.deepEqual([statSync(path).uid, statSync(path).gid], [ann, ann], path);
  });

  const spool = '/var/spool/cron/crontabs';
  const hasCron = isRoot && existsSync('/usr/bin/crontab') && existsSync(spool);
  test('writes with the real crontab program a table that is its own', { skip: skipWithout(hasCron, 'cron') }, () => {
    const launcher = writeFile(place, 'starts', '#!/bin/sh\n', 0o755);
    const said = JSON.parse(node([actsAs, 'user:ann', launcher, '/etc/shadow'], { HOME: '/root' }, spool));
    assert.match(said.table, /^A=b\n# BEGIN cronwright shop\n/);
    assert.deepEqual(said.probe, { ok: true });
    assert.deepEqual(readdirSync(join(place, 'spool')), ['ann']);
    assert.equal(statSync(join(place, 'spool/ann')).uid, ann);
  });

  test('does so for nobody who is not there, and for one only', () => {
    assert.deepEqual(thrown("actingFor('user:nobody-at-all', {})"), {
      message: 'there is no user nobody-at-all here',
      exit: 2,
    });
    const account = `{ user: 'ann', uid: ${ann}, gid: ${ann}, home: '/', shell: '/bin/sh' }`;
    const twice = thrown(`actAs(${account})`, `actAs(${account})`) as { message: string };
    assert.match(twice.message, /acts as ann already/);
  });
});

suite('whom a command acts as', asRoot, () => {
  test('is its caller for the caller’s own crontab, by whichever name, for a file, and where nothing is said', () => {
    for (const target of ["'user'", "'user:root'", "'file:/srv/tab'", "'cron.d'", 'undefined']) {
      const expected = target === "'user:root'" ? "'user'" : target;
      const code = `(() => { const { target, environment } = actingFor(${target}, { HOME: '/x' });
        return [target, environment.HOME, process.geteuid()]; })()`;
      const value = [expected === 'undefined' ? null : expected.slice(1, -1), '/x', 0];
      assert.deepEqual(thrown(code), { value });
    }
  });

  test('is not somebody else where the caller is not root', () => {
    const found = thrown("actingFor('user:root', {})", `process.setuid(${ann})`);
    assert.deepEqual(found, { message: 'it takes root to install into the crontab of root', exit: 3 });
    const own = thrown("actingFor('user:ann', { HOME: '/x' })", `process.setuid(${ann})`);
    assert.deepEqual(own, { value: { target: 'user', environment: { HOME: '/x' } } });
  });

  test('has no table changed but the account’s own, whatever its registry says', () => {
    const account = `{ user: 'ann', uid: ${ann}, gid: ${ann}, home: '/', shell: '/bin/sh' }`;
    for (const label of ['cron.d:cronwright-shop', 'user:root', '/etc/crontab']) {
      assert.deepEqual(thrown(`checkWithin('${label}')`, `actAs(${account})`), {
        message: `root, acting for ann, does not touch the table of target ${label}; nothing was changed`,
        exit: 3,
      });
      assert.deepEqual(thrown(`checkWithin('${label}')`), {});
    }
    for (const label of ['user', 'file:/srv/tab'])
      assert.deepEqual(thrown(`checkWithin('${label}')`, `actAs(${account})`), {});
  });

  test('reads the jobs file, with all that it includes, unless that is root’s alone', () => {
    const [roots, anns] = [writeFile(place, 'roots.yaml', ''), writeFile(place, 'anns.yaml', '')];
    chownSync(anns, ann, ann);
    const reading = (path: string) =>
      `readActing('${path}', () => process.geteuid(), { target: 'user:ann', environment: {} })`;
    assert.deepEqual(thrown(`${reading(roots)}.found`), { value: 0 });
    assert.deepEqual(thrown(`${reading(anns)}.found`), { value: ann });
    for (const path of [roots, anns])
      assert.deepEqual(thrown(`${reading(path)}.acting().environment.HOME`), { value: join(place, 'home') });
  });
});

import { isDangerousName } from '../../job/dangerous.ts';
import type { Cron } from '../cron/cron.ts';
import type { DraftCommand, ImportSource } from './imported.ts';
import type { Obstacle } from './obstacle.ts';

/** Variables by name, as a table has set them above an entry. */
export type Variables = ReadonlyMap<string, string>;

/** What an entry runs in. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly shell: string;
  /** What cannot be said under `env:`, as `NAME=value`. */
  readonly words: readonly string[];
  /** Variables that it must not have although cron would hand them on. */
  readonly removed: readonly string[];
}

/** What a job hands on of what cron gave to it; the others it never sees. */
const handedOn = /^(?:PATH|TZ|LANG|LANGUAGE|LC_[A-Z]+)$/;
const defaults: Readonly<Record<string, string>> = { PATH: '/usr/bin:/bin', SHELL: '/bin/sh' };
const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/;

export interface Setting {
  readonly variables: Variables;
  /** The account it runs under. */
  readonly user: string;
  readonly source: ImportSource;
  /** Variables that stand above the job's line once it is installed. */
  readonly outer: ReadonlySet<string>;
}

/** How the environment of an entry is said in a job. */
export function surroundingsOf(setting: Setting): Surroundings | Obstacle {
  const { variables, user, source, outer } = setting;
  const shell = variables.get('SHELL') ?? '/bin/sh';
  if (!shell.startsWith('/')) return relativeShell(shell);
  const home = variables.get('HOME');
  if (home?.startsWith('/') === false) return relativeHome(home);
  const told = [...variables].filter(([name, value]) => {
    return !isCronsOwn(name, source.cron) && (defaults[name] !== value || (handedOn.test(name) && outer.has(name)));
  });
  const strange = told.find(([name]) => name.startsWith('-'))?.[0];
  if (strange !== undefined) return { obstacle: `no program can set the variable ${strange}`, remedy: undefined };
  const sayable = told.filter(([name]) => isSayable(name, user, source));
  const unset = unsetOf(setting);
  return {
    env: Object.fromEntries([
      ...unset.filter((name) => name === 'PATH').map((name) => [name, defaults.PATH]),
      ...sayable.map(([name, value]) => [name, value.replaceAll('${', () => '$${')]),
    ]),
    shell,
    words: told.filter((one) => !sayable.includes(one)).map(([name, value]) => `${name}=${value}`),
    removed: unset.filter((name) => name !== 'PATH'),
  };
}

/** What cron would hand on to the job and does not hand to the entry. A job under another account gets none of it. */
function unsetOf({ variables, user, source, outer }: Setting): readonly string[] {
  if (source.account !== undefined && user !== source.account) return [];
  return [...outer].filter((name) => handedOn.test(name) && !variables.has(name));
}

function relativeShell(shell: string): Obstacle {
  const remedy = 'write an absolute path, such as SHELL=/bin/sh';
  return { obstacle: `its shell is ${JSON.stringify(shell)}, which cron cannot start`, remedy };
}

function relativeHome(home: string): Obstacle {
  const remedy = 'write an absolute path, such as HOME=/srv/shop';
  return { obstacle: `it is to start in ${JSON.stringify(home)}, which is no absolute path`, remedy };
}

/** Cron sets them after the table. An empty name is none that a program could ask for. */
function isCronsOwn(name: string, cron: Cron): boolean {
  return name === '' || name === 'LOGNAME' || (name === 'USER' && cron.name !== 'debian');
}

/** A job under another account may not be given what changes the meaning of programs on the way there. */
function isSayable(name: string, user: string, source: ImportSource): boolean {
  if (!plainName.test(name)) return false;
  return user === 'root' || user === source.account || !isDangerousName(name);
}

/** A command as the job says it: a text alone is for /bin/sh. */
export function commandIn({ shell, words, removed }: Surroundings, text: string): DraftCommand {
  const changes = [...removed.flatMap((name) => ['-u', name]), ...words];
  if (changes.length > 0) return ['/usr/bin/env', ...changes, shell, '-c', text];
  return shell === '/bin/sh' ? text : [shell, '-c', text];
}

import { harmless } from '../layout.ts';
import type { Page } from '../page.ts';
import type { EnvironmentView, VariableView } from '../views.ts';
import { stdinWords } from './job-words.ts';

/** Values longer than this push their origin aside instead of all others. */
const broadest = 48;
const labelWidth = 12;

/** What a task finds when cron starts it: account, directory and so on, then its variables, one a line. */
export function environment(view: EnvironmentView, { style }: Page): string {
  const facts = factsOf(view).map(([label, value]) => `  ${style.faint(label.padEnd(labelWidth))} ${harmless(value)}`);
  const lines = view.variables.map((variable) => ({ text: assignment(variable), from: originWords(variable) }));
  const column = Math.min(broadest, Math.max(0, ...lines.map(({ text }) => text.length))) + 2;
  const variables = lines.map(({ text, from }) => `${`${text} `.padEnd(column)}${style.faint(`# ${from}`)}`);
  return [`${style.strong(view.job)} as cron starts it`, ...facts, '', ...variables].join('\n');
}

function factsOf({ user, cwd, umask, nice, stdin }: EnvironmentView): readonly (readonly [string, string])[] {
  const groups = user.groups.map(({ name, gid }) => `${name} (${gid})`).join(', ');
  return [
    ['user', `${user.name} (${user.uid})`],
    ['groups', groups || 'not known'],
    ['directory', cwd],
    ['umask', umask ?? 'as cron has it'],
    ['nice', nice === 0 ? 'as cron has it' : `${nice > 0 ? '+' : ''}${nice} to what cron has`],
    ['input', stdinWords(stdin)],
  ];
}

function assignment({ name, value, secret }: VariableView): string {
  if (value === null) return `${name}=${secret ? '(hidden)' : '(of each run)'}`;
  return `${name}=${harmless(value).replaceAll('\n', '\\n')}`;
}

function originWords({ origin, file }: VariableView): string {
  const words = {
    cron: 'cron',
    outer: 'the table',
    'env-file': harmless(file ?? ''),
    env: 'env: of the job',
    cronwright: 'cronwright',
  };
  return words[origin];
}

type Variables = Readonly<Record<string, string | undefined>>;

/** What of a person's environment says nothing about it: the shell and cronwright set it by themselves. */
const unremarkable = /^(?:_|PWD|OLDPWD|SHLVL|USER|CRONWRIGHT_PIPES)$/;
/** Variables in which nobody keeps a secret. */
const open = /^(?:PATH|SHELL|HOME|LOGNAME|TZ|LANG|LC_[A-Z]+)$/;
/** Names beyond these are counted. */
const mostNames = 4;

/** In one line, how the environment under cron differs from a person's. */
export function differenceWords(own: Variables, underCron: Variables): string {
  const differing = Object.keys(underCron).filter((name) => underCron[name] !== own[name]);
  const shown = differing.filter((name) => open.test(name)).map((name) => `${name}=${harmless(underCron[name] ?? '')}`);
  const named = differing.filter((name) => !open.test(name)).map(harmless);
  const gone = Object.keys(own).filter((name) => underCron[name] === undefined && !unremarkable.test(name));
  const settings = [...shown, ...(named.length > 0 ? [`${named.join(' and ')} as in the table`] : [])].join(', ');
  const parts = [settings, withoutWords(gone.toSorted().map(harmless))].filter((part) => part !== '');
  return parts.join('; ') || 'nothing differs from your environment';
}

function withoutWords(names: readonly string[]): string {
  if (names.length === 0) return '';
  if (names.length <= mostNames) return `without ${names.join(', ')}`;
  return `without ${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more`;
}

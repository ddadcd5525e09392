import { unwrapped, wrappers } from './wrappers.ts';

/** Words of a command, without quotes, up to what joins it to the next. */
type Words = readonly string[];

const token = /(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s;&|<>()'"\\])+|[;&|]+|\n|[<>()]+&?/gs;

/**
 * A name for a job, from what its command runs: the script, the task of a framework, the host that is called. Lower case,
 * digits and hyphens; empty where the command says nothing.
 */
export function proposedName(command: string): string {
  return asName(nameOf(tellingWords(command)));
}

/** Of the commands that are joined, the first that does something, without what it is wrapped in. */
function tellingWords(command: string): Words {
  const parts = simpleCommands(command).map(withoutWrappers);
  const telling = parts.find((words) => !isPreparation(words));
  return telling ?? parts.at(-1) ?? [];
}

/** What is done before the thing that matters. */
const preparations: ReadonlySet<string> = new Set(
  'cd test [ [[ command which . source export set umask ulimit sleep mkdir true : echo for fi done date'.split(' '),
);

/** `perl -e 'sleep int(rand(3600))'` is how the table of certbot spreads its starts. */
function isPreparation([program = '', option = '', text = '']: Words): boolean {
  return program === '' || preparations.has(baseOf(program)) || (/^-[ec]$/.test(option) && /\bsleep\b/.test(text));
}

function simpleCommands(command: string): readonly Words[] {
  const commands: string[][] = [[]];
  for (const [text] of command.matchAll(token)) {
    if (/^[;&|\n]/.test(text)) commands.push([]);
    else commands.at(-1)?.push(unquoted(text));
  }
  return commands.map((words) => upToRedirection(words)).filter((words) => words.length > 0);
}

/** What a shell reads before a command. */
const syntax = /^(?:[()]+|[{}!]|if|then|else|do|while|until)$/;

function upToRedirection(words: Words): Words {
  const end = words.findIndex((word, index) => index > 0 && /^[<>]/.test(word));
  return (end < 0 ? words : words.slice(0, end)).filter((word) => !syntax.test(word));
}

function unquoted(text: string): string {
  return text.replace(
    /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/gs,
    (_all, one = '', two = '', three = '') => one + two + three,
  );
}

function withoutWrappers(words: Words): Words {
  const start = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  const rest = start < 0 ? [] : words.slice(start);
  const [first = ''] = rest;
  const wrapper = wrappers.get(baseOf(first));
  const inner = innerCommand(rest);
  if (inner !== undefined) return tellingWords(inner);
  if (wrapper === undefined) return rest;
  const within = withoutWrappers(unwrapped(rest, wrapper));
  return within.length > 0 ? within : rest;
}

/** What `sh -c`, `su -c` and `flock FILE -c` are told to run. */
function innerCommand(words: Words): string | undefined {
  if (!/^(?:(?:ba|da|z|k)?sh|su|flock)$/.test(baseOf(words[0] ?? ''))) return undefined;
  const option = words.findIndex((word) => /^-[a-z]*c$/.test(word) || word === '--command');
  const inner = option < 0 ? undefined : words[option + 1];
  return inner?.trim() === '' ? undefined : inner;
}

const interpreters = /^(?:php|python|pypy|perl|ruby|node|deno|bun|tsx|java|Rscript|(?:ba|da|z|k)?sh)[\d.]*$/;
/** Their first word says what is done. */
const frameworks = /^(?:artisan|manage\.py|console|rake|rails|spark|yii|cake|make|just|npm|yarn|pnpm|composer)$/;
/** They need both: their own name and what they do. */
const tools =
  /^(?:wp|occ|drush|magento|certbot|restic|borg|rclone|git|systemctl|apt-get|apt|aws|gcloud|find|goaccess)$/;
/** Names of scripts that say nothing without their folder, and folders that say nothing either. */
const vague = /^(?:cron|run|main|index|jobs?|script|start|tasks?|cli|app|entrypoint)$/;
const anyFolder =
  /^(?:\W*|.|[su]?bin|scripts?|cron|public|htdocs|public_html|html|www|web|current|src|app|srv|var|usr|local|etc|opt|home|root|tmp|lib|share|core|.*\$.*)$/;

function nameOf(words: Words): string {
  const [program = '', ...rest] = words;
  const base = baseOf(program);
  if (interpreters.test(base)) return ofInterpreter(base, rest);
  if (/^(?:curl|wget|fetch)$/.test(base)) return hostIn(rest) ?? base;
  if (base === 'run-parts') return baseOf(firstOperand(rest) ?? base);
  if (frameworks.test(base)) return rest.find((word) => /^[a-z]/i.test(word) && word !== 'run') ?? base;
  if (tools.test(base)) return [base, ...told(base, rest)].join('-');
  return ofScript(program);
}

function told(base: string, rest: Words): Words {
  const first = firstOperand(rest);
  if (first === undefined) return [];
  return base === 'wp' ? rest.filter((word) => /^[a-z][a-z-]*$/.test(word)) : [baseOf(first)];
}

function ofInterpreter(base: string, rest: Words): string {
  const module = rest[rest.indexOf('-m') + 1];
  if (/^py/.test(base) && rest.includes('-m') && module !== undefined) return module;
  const script = rest.findIndex((word, index) => !word.startsWith('-') && !takesWord(rest[index - 1]));
  return script < 0 ? base : nameOf(rest.slice(script));
}

/** Options of interpreters that take the word behind them; `-f`, `-jar` and `run` are followed by the script itself. */
function takesWord(option: string | undefined): boolean {
  return option !== undefined && /^-(?:d|c|r|e|W|X|I|cp|classpath|-require)$/.test(option);
}

function firstOperand(words: Words): string | undefined {
  return words.find((word) => !word.startsWith('-'));
}

function hostIn(words: Words): string | undefined {
  const url = words.find((word) => /^https?:\/\//i.test(word));
  return url === undefined ? undefined : /^https?:\/\/(?:[^@/]*@)?([^/:?#]+)/i.exec(url)?.[1];
}

function ofScript(path: string): string {
  const name = withoutExtension(baseOf(path));
  if (!vague.test(name.toLowerCase())) return name;
  const folder = path
    .split('/')
    .slice(0, -1)
    .findLast((one) => !anyFolder.test(one));
  return folder === undefined ? name : `${folder}-${name}`;
}

function withoutExtension(name: string): string {
  return name.replace(/(.)\.(?:sh|bash|php\d?|py|pl|rb|js|mjs|cjs|ts|jar|phar|r|lua|tcl|exe)$/i, '$1');
}

function baseOf(path: string): string {
  return path.replace(/\/+$/, '').replace(/^.*\//, '');
}

const longestName = 63;

function asName(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return plain.replace(/^-+/, '').slice(0, longestName).replace(/-+$/, '');
}

/** Names that are all different: a later one of the same gets a number. An entry without one goes by its line. */
export function distinctNames(
  proposals: readonly { readonly name: string; readonly line: number }[],
): readonly string[] {
  const taken = new Set<string>();
  const numbers = new Map<string, number>();
  return proposals.map(({ name, line }) => {
    const base = name === '' ? `line-${line}` : name;
    let free = base;
    let number = numbers.get(base) ?? 1;
    while (taken.has(free)) free = numbered(base, ++number);
    numbers.set(base, number);
    taken.add(free);
    return free;
  });
}

/** A name with a number behind it, cut where it would be too long for a job's. */
export function numbered(base: string, number: number): string {
  const suffix = `-${number}`;
  return base.slice(0, longestName - suffix.length).replace(/-+$/, '') + suffix;
}

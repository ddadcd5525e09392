import { UserError } from '../errors.ts';
import type { Breach } from './breach.ts';
import { isDangerousName } from './dangerous.ts';
import { mergeDefaults } from './defaults.ts';
import { compilePattern } from './pattern.ts';
import type { Finding } from './problem.ts';
import { type FileData, type Rule, sayings } from './rule.ts';
import type { Defaults } from './shape.ts';
import type { Path } from './tree.ts';

/** A setting without effect unless something else is said too. */
interface Dependent {
  readonly key: Path;
  readonly isSaid: (said: Defaults) => boolean;
  readonly counts: (said: Defaults) => boolean;
  readonly message: string;
  readonly hint: string;
}

const dependents: readonly Dependent[] = [
  {
    key: ['wait-up-to'],
    isSaid: (said) => said['wait-up-to'] !== undefined,
    counts: ({ overlap }) => overlap === 'wait',
    message: 'found wait-up-to: without overlap: wait, and so it has no effect',
    hint: 'add overlap: wait, or remove wait-up-to:',
  },
  {
    key: ['output', 'rotate'],
    isSaid: ({ output }) => output?.rotate !== undefined,
    counts: ({ output }) => Boolean(output?.file),
    message: 'found rotate: without file:, and so it has no effect',
    hint: 'add file: with the path of the file to write, or remove rotate:',
  },
];

const nothingIdle: Rule = (file, outer) => {
  const whole = (said: Defaults) => mergeDefaults(mergeDefaults(outer, file.defaults ?? {}), said);
  const all = sayings(file);
  return dependents.flatMap(({ key, isSaid, counts, message, hint }) => {
    // Defaults may say a thing for the few jobs that it is for, also for those of included files.
    const forSome = () => file.include !== undefined || all.some(({ said }) => counts(whole(said)));
    const idle = all.filter(({ path, said }) => {
      return isSaid(said) && !counts(whole(said)) && !(path[0] === 'defaults' && forSome());
    });
    const finding: Finding = { severity: 'warning', code: 'unused-setting', message, hint };
    return idle.map(({ path }): Breach => ({ path: [...path, ...key], part: 'key', finding }));
  });
};

const readablePatterns: Rule = (file) =>
  sayings(file).flatMap(({ path, said }) => {
    const finding = patternFinding(said['fail-when']?.['output-matches'] ?? '');
    return finding ? [{ path: [...path, 'fail-when', 'output-matches'], part: 'value', finding }] : [];
  });

function patternFinding(source: string): Finding | undefined {
  if (source === '') return undefined;
  try {
    compilePattern(source);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { severity: 'error', code: 'output-pattern', message: error.message, hint: error.hint };
  }
}

/** Such a variable can change what root itself executes on its way to another account. */
const harmlessVariables: Rule = (file, outer) => {
  const others = Object.entries(file.jobs ?? {}).flatMap(([name, job]) => {
    const user = job.user ?? file.defaults?.user ?? outer.user ?? 'root';
    return user === 'root' ? [] : [{ job, words: `the job ${name}, which has user: ${user}`, path: ['jobs', name] }];
  });
  const [first] = others;
  return [
    ...(first ? dangers(file.env, [], first.words) : []),
    ...others.flatMap(({ job, words, path }) => dangers(job.env, path, words)),
  ];
};

function dangers(env: FileData['env'], path: Path, words: string): readonly Breach[] {
  const names = Object.keys(env ?? {}).filter(isDangerousName);
  return names.map((name): Breach => {
    const message = `found ${name} for ${words}; expected no variable that can change what root executes`;
    const hint = `set it within command:, as in env ${name}=… program`;
    return {
      path: [...path, 'env', name],
      part: 'key',
      finding: { severity: 'error', code: 'dangerous-variable', message, hint },
    };
  });
}

export const settingsRules: readonly Rule[] = [nothingIdle, readablePatterns, harmlessVariables];

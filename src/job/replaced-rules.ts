import type { Breach } from './breach.ts';
import type { JobName } from './job.ts';
import { replacedLines } from './replaced.ts';
import type { Rule } from './rule.ts';

/**
 * `name = value` of crontab(5): it holds for the entries below and is none itself. Blanks are those of ASCII alone, as cron
 * has them; behind a nickname stands a command, whatever that looks like.
 */
const assignment = /^[ \t]*(?!@[a-z]+[ \t])(?:"[^"]*"|'[^']*'|[^ \t\v\f\r"'=#][^ \t\v\f\r=]*)[ \t\v\f\r]*=/;
/** A line that frames what cronwright itself has written. */
const marker = /^\s*#\s*(?:BEGIN|END)\s+cronwright(?:\s|$)/i;

const entryLast: Rule = (file) =>
  eachReplaced(file, (lines) => {
    const last = lines.at(-1) ?? '';
    if (!/^\s*#/.test(last) && !assignment.test(last)) return undefined;
    const found = /^\s*#/.test(last) ? 'a comment' : 'an environment line';
    return ['replaces-entry', `found ${found} as the last line, expected the entry that the job takes the place of`];
  });

const foreignOnly: Rule = (file) =>
  eachReplaced(file, (lines) => {
    const found = lines.find((line) => marker.test(line));
    if (found === undefined) return undefined;
    return [
      'replaces-marker',
      `found ${JSON.stringify(found.trim())}, a line of cronwright’s own; expected one of others`,
    ];
  });

type Objection = readonly [code: string, message: string];

function eachReplaced(
  file: Parameters<Rule>[0],
  objectionTo: (lines: readonly string[]) => Objection | undefined,
): readonly Breach[] {
  return replacedLines('' as JobName, file).flatMap(({ job, lines }): readonly Breach[] => {
    const objection = objectionTo(lines);
    if (objection === undefined) return [];
    const [code, message] = objection;
    const hint = 'copy the line as it stands in the table; cronwright adopt --write does so';
    const path = ['jobs', job.slice(1), 'replaces'];
    return [{ path, part: 'value', finding: { severity: 'error', code, message, hint } }];
  });
}

/** What `replaces:` may name. */
export const replacedRules: readonly Rule[] = [entryLast, foreignOnly];

import type { Breach } from './breach.ts';
import { parseDuration } from './duration.ts';
import { referencedNames } from './environment.ts';
import type { Severity } from './problem.ts';
import type { IncludedFile, JobsFile } from './shape.ts';
import type { Path } from './tree.ts';

/** What no shape can say: each rule reads one well-formed file and returns what breaks it. */
type Rule = (file: Partial<JobsFile & IncludedFile>) => readonly Breach[];

const somethingToDo: Rule = (file) =>
  file.jobs || ('include' in file && file.include)
    ? []
    : [breach([], 'missing-key', 'missing jobs:, expected a mapping of job names to jobs', 'error', 'add jobs:')];

const oneTransport: Rule = ({ mail }) => {
  if (!mail || (mail.smtp === undefined) !== (mail.sendmail === undefined)) return [];
  const found = mail.smtp === undefined ? 'found neither smtp: nor sendmail:' : 'found both smtp: and sendmail:';
  return [breach(['mail'], 'mail-transport', `${found}, expected one of them`, 'error', 'keep the one to use')];
};

const secretInFile: Rule = ({ mail }) => {
  const password = /^smtps?:\/\/[^/@\s]*?:([^@\s]+)@/.exec(mail?.smtp ?? '')?.[1];
  if (password === undefined || referencedNames(password).length > 0) return [];
  const hint = 'write smtp://user:${SMTP_PASSWORD}@host and put SMTP_PASSWORD=… into an env-file:';
  return [breach(['mail', 'smtp'], 'literal-password', 'found a password written out in this file', 'warning', hint)];
};

const secretWithoutSource: Rule = (file) => {
  const names = referencedNames(file.mail?.smtp ?? '');
  if (names.length === 0 || file['env-file'] !== undefined) return [];
  const message = `found \${${names[0]}} and no env-file:; cron starts jobs without the variables of your shell`;
  return [breach(['mail', 'smtp'], 'unset-variable', message, 'warning', `add env-file: with ${names[0]}=…`)];
};

const delaysInOrder: Rule = (file) =>
  retries(file).flatMap(({ path, delay, most }) => {
    if (delay === undefined || most === undefined) return [];
    if ((parseDuration(most) ?? 0) >= (parseDuration(delay) ?? 0)) return [];
    const message = `found max-delay ${most}, which is shorter than the delay of ${delay}`;
    return [breach([...path, 'max-delay'], 'retry-delay', message, 'error', `write max-delay: ${delay} or longer`)];
  });

function retries(
  file: Partial<JobsFile>,
): readonly { path: Path; delay: string | undefined; most: string | undefined }[] {
  const jobs = Object.entries(file.jobs ?? {}).map(([name, job]) => ({ path: ['jobs', name, 'retry'], from: job }));
  return [{ path: ['defaults', 'retry'], from: file.defaults ?? {} }, ...jobs].map(({ path, from }) => ({
    path,
    delay: from.retry?.delay,
    most: from.retry?.['max-delay'],
  }));
}

function breach(path: Path, code: string, message: string, severity: Severity, hint: string): Breach {
  return { path, part: 'value', finding: { severity, code, message, hint } };
}

export const rules: readonly Rule[] = [somethingToDo, oneTransport, secretInFile, secretWithoutSource, delaysInOrder];

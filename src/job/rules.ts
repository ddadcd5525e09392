import { parseDuration } from './duration.ts';
import { referencedNames } from './environment.ts';
import { replacedRules } from './replaced-rules.ts';
import { type Rule, sayings } from './rule.ts';
import { settingsRules } from './settings-rules.ts';
import { timeRules } from './time-rules.ts';

const somethingToDo: Rule = (file) => {
  if (file.jobs || file.include) return [];
  const message = 'missing jobs:, expected a mapping of job names to jobs';
  return [{ path: [], part: 'value', finding: { severity: 'error', code: 'missing-key', message, hint: 'add jobs:' } }];
};

const oneTransport: Rule = ({ mail }) => {
  if (!mail || (mail.smtp === undefined) !== (mail.sendmail === undefined)) return [];
  const found = mail.smtp === undefined ? 'neither smtp: nor sendmail:' : 'both smtp: and sendmail:';
  const message = `found ${found}, expected one of them`;
  const finding = { severity: 'error', code: 'mail-transport', message, hint: 'keep the one to use' } as const;
  return [{ path: ['mail'], part: 'value', finding }];
};

const secretInFile: Rule = ({ mail }) => {
  const password = /^smtps?:\/\/[^/@\s]*?:([^@\s]+)@/.exec(mail?.smtp ?? '')?.[1];
  if (password === undefined || referencedNames(password).length > 0) return [];
  const message = 'found a password written out in this file';
  const hint = 'write smtp://user:${SMTP_PASSWORD}@host and put SMTP_PASSWORD=… into an env-file:';
  const finding = { severity: 'warning', code: 'literal-password', message, hint } as const;
  return [{ path: ['mail', 'smtp'], part: 'value', finding }];
};

const secretWithoutSource: Rule = (file) => {
  const [name] = referencedNames(file.mail?.smtp ?? '');
  if (name === undefined || file['env-file'] !== undefined) return [];
  const message = `found \${${name}} and no env-file:; cron starts jobs without the variables of your shell`;
  const finding = {
    severity: 'warning',
    code: 'unset-variable',
    message,
    hint: `add env-file: with ${name}=…`,
  } as const;
  return [{ path: ['mail', 'smtp'], part: 'value', finding }];
};

const delaysInOrder: Rule = (file) =>
  sayings(file).flatMap(({ path, said }) => {
    const { delay, 'max-delay': most } = said.retry ?? {};
    if (delay === undefined || most === undefined) return [];
    if ((parseDuration(String(most)) ?? 0) >= (parseDuration(String(delay)) ?? 0)) return [];
    const message = `found max-delay ${most}, which is shorter than the delay of ${delay}`;
    const hint = `write max-delay: ${delay} or longer`;
    const finding = { severity: 'error', code: 'retry-delay', message, hint } as const;
    return [{ path: [...path, 'retry', 'max-delay'], part: 'value', finding }];
  });

export const rules: readonly Rule[] = [
  somethingToDo,
  oneTransport,
  secretInFile,
  secretWithoutSource,
  delaysInOrder,
  ...settingsRules,
  ...timeRules,
  ...replacedRules,
];

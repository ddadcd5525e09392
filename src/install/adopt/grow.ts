import { dirname, resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { editFile } from '../../job/edit/edit-file.ts';
import { checkMeaning } from '../../job/edit/meaning.ts';
import { type JobEntryText, withJobs } from '../../job/edit/with-jobs.ts';
import type { Problem } from '../../job/problem.ts';
import { isTrusted } from '../../job/trusted-directory.ts';
import { readTimetable } from '../../schedule/timetable.ts';
import { hostZone } from '../../schedule/zone/zone.ts';
import { asRoot } from '../acting.ts';
import { type GrowingFile, newFileText } from './jobs-file.ts';

/**
 * Adds jobs to a jobs file, which is made where it is not there. The new file is read and checked before it takes the
 * place of the old one.
 * @throws UserError where the jobs cannot be added as they are meant; the file is as it was then.
 */
export function growFile(file: GrowingFile, jobs: readonly JobEntryText[]): void {
  const after = withJobs(file.text ?? newFileText, jobs);
  const check = (draft: string) => checkDraft(draft, file, jobs);
  const edit = () => editFile(file.path, { before: file.text, after, check });
  // Root acting for an account writes with root's rights only where nobody else could have put a link.
  if (isTrusted(dirname(resolve(file.path)), 0)) asRoot(edit);
  else edit();
}

function checkDraft(draft: string, { jobs }: GrowingFile, added: readonly JobEntryText[]): void {
  const { project, problems } = readTimetable(draft);
  if (project === undefined) throw invalid(problems);
  checkMeaning(jobs, project, added, hostZone().name);
}

function invalid(problems: readonly Problem[]): UserError {
  const first = problems.find(({ severity }) => severity === 'error');
  return new UserError(
    `the jobs cannot be added to the jobs file: ${first?.message ?? 'it would not be valid'}; nothing was written`,
    first && `the line would be: ${first.source.trim()}`,
  );
}

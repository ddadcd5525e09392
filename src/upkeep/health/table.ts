import { driftWords } from '../../crontab/drift-words.ts';
import type { Host } from '../../crontab/fields.ts';
import { errorMessage, UserError } from '../../errors.ts';
import { tableOf } from '../../install/place.ts';
import { probeLines } from '../../install/probe.ts';
import type { Revision } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';
import { driftOfProject } from '../drift/of-projects.ts';
import { bad, fine, type HealthFinding } from './finding.ts';

/** What a table is compared by. */
export interface Compared {
  /** The newest revision of every project. */
  readonly all: readonly Revision[];
  readonly host: Host;
}

/** Whether a project's block in its table is as it was installed, and the tick's, which is that of any project there. */
export async function tableAsInstalled(
  store: Store,
  revision: Revision,
  { all }: Pick<Compared, 'all'>,
): Promise<HealthFinding> {
  const { project, settings } = revision;
  const { target } = settings;
  try {
    const table = await tableOf(target).read();
    const { drift, refusal } = driftOfProject(store, revision, { all, table });
    if (refusal !== undefined) return bad('table', `${project} in ${target}: ${refusal.message}`, refusal.hint ?? '');
    const [first, ...others] = drift;
    if (first === undefined) return fine('table', `${project} stands in the table ${target} as it was installed`);
    const { message, remedy } = driftWords(first, project);
    const what = `${project} is not in the table ${target} as it was installed: ${message}`;
    if (others.length === 0) return bad('table', what, remedy);
    const more = `; cronwright drift shows this and ${others.length} more`;
    return bad('table', `${what}${more}`, 'cronwright sync puts them right');
  } catch (error) {
    const remedy = (error instanceof UserError && error.hint) || 'cronwright drift says more';
    return bad('table', `the table ${target} cannot be compared: ${errorMessage(error)}`, remedy);
  }
}

/** Whether cron can start the launcher that stands in the lines. */
export async function startableLauncher({ project, settings }: Revision): Promise<HealthFinding> {
  const { launcher, target } = settings;
  try {
    const result = await probeLines(launcher, { target, bytes: await tableOf(target).read() }, project);
    if (result.ok) return fine('launcher', `cron can start ${launcher.path}`);
    return bad('launcher', result.problem, 'see that a Node.js 22.18 or later is where cron finds it');
  } catch (error) {
    const message = `whether cron can start ${launcher.path} cannot be found out: ${errorMessage(error)}`;
    return { check: 'launcher', state: 'unknown', message, remedy: 'see to the table first' };
  }
}

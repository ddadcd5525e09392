import type { Drift } from '../../crontab/drift.ts';
import { driftWords } from '../../crontab/drift-words.ts';
import type { Telling } from '../../launch/tell.ts';
import type { StoredWorld } from '../../launch/world.ts';
import { type DriftReport, type DriftRow, driftLetter, shortDriftReport } from '../../notify/drift-letter.ts';
import type { ProjectDrift } from './of-projects.ts';

/** What is to be told of a project's drift: to those whom its mail goes to, or on standard error where it has none. */
export function driftTelling(world: StoredWorld, one: ProjectDrift, digest: string): Telling {
  const { project, settings } = one.revision;
  const createdAt = world.clock.now();
  const report = reportOf(world, one);
  const entry = { id: `drift.${project}.${digest}.${createdAt}`, project, run: '', createdAt };
  const mails = settings.mail === undefined ? [] : [{ ...entry, recipients: settings.mail.to, ...driftLetter(report) }];
  return { mails, report: shortDriftReport(report) };
}

function reportOf({ host, program }: StoredWorld, { revision, drift, refusal }: ProjectDrift): DriftReport {
  const { project, settings } = revision;
  const rows = drift.map((one) => ({ ...sides(one), ...driftWords(one, project) }));
  return { project, host, program, table: settings.target, rows, isMendable: refusal === undefined };
}

/** What a marker should be is in its remedy: often it is another one than stands there. */
function sides({ kind, wanted, found }: Drift): Pick<DriftRow, 'wanted' | 'found'> {
  return { wanted: kind === 'marker' ? null : wanted, found };
}

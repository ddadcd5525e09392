import { existsSync } from 'node:fs';
import { errorCode } from '../../errors.ts';
import { distrustedBy } from '../../install/trust.ts';
import type { Revision } from '../../store/registry.ts';
import { bad, type HealthFinding } from './finding.ts';

/** Whether others could have root's cron run what they like; undefined where they could not, or it is not root's. */
export function trustedParts({ file, settings }: Revision): HealthFinding | undefined {
  const { target, launcher } = settings;
  try {
    const sources = existsSync(file) ? [file] : [];
    const distrust = distrustedBy({ target, sources, launcher: launcher.path });
    return distrust && bad('trust', distrust.message, distrust.hint ?? 'see to its owner and its mode');
  } catch (error) {
    // The check of the launcher tells of one that is not there.
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

import { lstatSync, type Stats } from 'node:fs';
import type { Cron } from '../../crontab/cron/cron.ts';
import { systemFolder } from '../../crontab/target.ts';
import { errorCode, errorMessage } from '../../errors.ts';
import { modeText } from '../../job/mode-text.ts';
import { bad, fine, type HealthFinding, unknown } from './finding.ts';

/** Whether the daemon takes a file of /etc/cron.d, which it reads by its name, its owner and its mode (cron(8)). */
export function systemFile(name: string, cron: Cron | undefined, root = ''): HealthFinding {
  const path = `${root}${systemFolder}/${name}`;
  const unread = nameFlaw(path, name, cron);
  if (unread !== undefined) return unread;
  try {
    return (
      flawOf(path, lstatSync(path)) ??
      folderFlaw(`${root}${systemFolder}`) ??
      fine('system-file', `cron takes ${path} as it is`)
    );
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    if (code === 'ENOENT') return bad('system-file', `there is no ${path}`, 'cronwright sync writes it');
    return unknown('system-file', `${path} cannot be seen: ${errorMessage(error)}`, 'look at it as root');
  }
}

function nameFlaw(path: string, name: string, cron: Cron | undefined): HealthFinding | undefined {
  if (cron === undefined || cron.systemNames?.test(name)) return undefined;
  const why = cron.systemNames === undefined ? `does not look into ${systemFolder}` : 'takes no file of that name';
  return bad(
    'system-file',
    `${cron.title} ${why}, so nothing starts the jobs of ${path}`,
    'cronwright sync --target user',
  );
}

const othersMayWrite = 0o022;

function flawOf(path: string, stat: Stats): HealthFinding | undefined {
  const { uid, mode, nlink } = stat;
  if (!stat.isFile()) return refused(path, 'it is no file', `mv ${path} elsewhere, then cronwright sync`);
  if (uid !== 0) return refused(path, `it belongs to another account (uid ${uid})`, `as root: chown root:root ${path}`);
  if ((mode & othersMayWrite) !== 0) {
    return refused(path, `others may write to it (mode ${modeText(mode)})`, `as root: chmod 644 ${path}`);
  }
  if (nlink === 1) return undefined;
  return refused(
    path,
    `it has ${nlink} names (hard links)`,
    `remove the others: as root, find / -xdev -samefile ${path}`,
  );
}

function refused(path: string, why: string, remedy: string): HealthFinding {
  return bad('system-file', `cron does not take ${path}: ${why}`, remedy);
}

function folderFlaw(folder: string): HealthFinding | undefined {
  const { uid, mode } = lstatSync(folder);
  if (uid === 0 && (mode & othersMayWrite) === 0) return undefined;
  const message = `others than root can put tables into ${folder} (uid ${uid}, mode ${modeText(mode)}) and run what they like as root`;
  return bad('system-file', message, `as root: chown root:root ${folder}; chmod 755 ${folder}`);
}

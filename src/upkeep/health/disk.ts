import { type StatsFs, statfsSync } from 'node:fs';
import { errorCode } from '../../errors.ts';
import { bad, doubtful, fine, type HealthFinding } from './finding.ts';

const mebibyte = 1024 ** 2;

/**
 * From where on room is short, for bytes and for files. A share of a large disk is plenty for a database, so it counts
 * only below the second number.
 */
const bounds = {
  bytes: {
    problem: { least: 10 * mebibyte, share: 0.01, below: 1024 * mebibyte },
    warning: { least: 100 * mebibyte, share: 0.05, below: 5 * 1024 * mebibyte },
  },
  files: {
    problem: { least: 100, share: 0.01, below: 10_000 },
    warning: { least: 1_000, share: 0.05, below: 50_000 },
  },
} as const;

/** Whether the disk of a directory has room; undefined where it does not say. */
export function roomOnDisk(directory: string): HealthFinding | undefined {
  try {
    return roomFor(directory, statfsSync(directory));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

export type Room = Pick<StatsFs, 'bsize' | 'blocks' | 'bavail' | 'files' | 'ffree'>;

/** The same from what statfs(2) says. A file system that makes its inodes as it needs them has 0 of them. */
export function roomFor(directory: string, { bsize, blocks, bavail, files, ffree }: Room): HealthFinding {
  const bytes = shortage(bsize * bavail, bsize * blocks, bounds.bytes);
  const inodes = files === 0 ? undefined : shortage(ffree, files, bounds.files);
  if (bytes === undefined && inodes === undefined) {
    return fine('disk', `the disk of ${directory} has ${shown(bsize * bavail)} left`);
  }
  const parts = [bytes && shown(bsize * bavail), inodes && `${ffree.toLocaleString('en')} inodes`];
  const message = `the disk of ${directory} is nearly full: ${parts.filter((part) => part !== undefined).join(' and ')} left`;
  const remedy = 'make room on the disk; meanwhile the jobs run, and their records may be lost';
  return bytes === 'problem' || inodes === 'problem' ? bad('disk', message, remedy) : doubtful('disk', message, remedy);
}

interface Limit {
  readonly least: number;
  readonly share: number;
  readonly below: number;
}

type Limits = Readonly<Record<'problem' | 'warning', Limit>>;

function shortage(left: number, all: number, limits: Limits): 'problem' | 'warning' | undefined {
  const isShort = ({ least, share, below }: Limit) => left < least || (left < all * share && left < below);
  if (isShort(limits.problem)) return 'problem';
  return isShort(limits.warning) ? 'warning' : undefined;
}

function shown(bytes: number): string {
  const mebibytes = bytes / mebibyte;
  return mebibytes < 10_240
    ? `${Math.floor(mebibytes).toLocaleString('en')} MiB`
    : `${Math.floor(mebibytes / 1_024).toLocaleString('en')} GiB`;
}

import { type Stats, statfsSync, statSync } from 'node:fs';
import { errorCode, errorMessage } from '../../errors.ts';
import { modeText } from '../../job/mode-text.ts';
import { distrustOf } from '../../job/trusted-directory.ts';
import { bad, doubtful, fine, type HealthFinding } from './finding.ts';

/** File systems that other machines write to as well (statfs(2)); SQLite's locks cannot be relied on there. */
const networkFileSystems: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB2',
  12805120: 'Ceph',
  1397113167: 'AFS',
};

const elsewhere = 'choose a local directory with --state or CRONWRIGHT_STATE';

/**
 * Whether a state directory is this account's alone, and on a file system on which a database is safe.
 * @param uid the account's.
 * @returns undefined where it is not there.
 */
export function privateState(directory: string, uid: number): HealthFinding | undefined {
  try {
    const flaw = flawOf(directory, statSync(directory), uid) ?? wayFlaw(directory, uid);
    return flaw ?? networkFlaw(directory) ?? fine('state', `the state directory ${directory} is this account’s alone`);
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    if (code === 'ENOENT') return undefined;
    return bad('state', `the state directory cannot be looked at: ${errorMessage(error)}`, elsewhere);
  }
}

function flawOf(directory: string, stat: Stats, uid: number): HealthFinding | undefined {
  if (!stat.isDirectory()) return bad('state', `the state directory ${directory} is no directory`, elsewhere);
  if (stat.uid !== uid) {
    const message = `the state directory ${directory} belongs to another account (uid ${stat.uid})`;
    return bad('state', message, 'act as its owner: sudo -u USER cronwright …');
  }
  if ((stat.mode & 0o077) === 0) return undefined;
  const message = `the state directory ${directory}, which keeps what tasks print, is open to others (mode ${modeText(stat.mode)})`;
  return bad('state', message, `chmod 700 ${directory}`);
}

/** Root does not use such a directory at all; others may know whom they share it with. */
function wayFlaw(directory: string, uid: number): HealthFinding | undefined {
  const distrust = distrustOf(directory, uid);
  if (distrust === undefined) return undefined;
  const message = `others can put another directory in the place of the state directory ${directory}: ${distrust}`;
  const remedy = 'see to the owner and the mode of what it names, or choose a directory elsewhere with --state';
  return uid === 0 ? bad('state', message, remedy) : doubtful('state', message, remedy);
}

function networkFlaw(directory: string): HealthFinding | undefined {
  const network = networkFileSystems[statfsSync(directory).type];
  if (network === undefined) return undefined;
  const message = `the state directory ${directory} is on ${network}, where the database can be damaged`;
  return bad('state', message, elsewhere);
}

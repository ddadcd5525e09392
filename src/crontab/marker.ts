import { isName, type JobName } from '../job/job.ts';

/** Whose a block is: a project's, or undefined for the tick's, which serves every project of the table. */
export type BlockOwner = JobName | undefined;

export type Marker =
  | { readonly kind: 'begin' | 'end'; readonly owner: BlockOwner }
  /** Meant as a marker and not one any more. */
  | { readonly kind: 'damaged' };

export function beginMarker(owner: BlockOwner): string {
  return markerText('BEGIN', owner);
}

export function endMarker(owner: BlockOwner): string {
  return markerText('END', owner);
}

function markerText(word: string, owner: BlockOwner): string {
  return owner === undefined ? `# ${word} cronwright` : `# ${word} cronwright ${owner}`;
}

const exactly = /^# (BEGIN|END) cronwright(?: (\S+))?$/;
/** A marker that an editor or a person has changed: other spaces, another case, a carriage return, more words. */
const nearly = /^\s*#\s*(?:BEGIN|END)\s+cronwright(?:\s|$)/i;

/** Reads a line without its line feed; undefined where it is no marker of ours. */
export function readMarker(line: string): Marker | undefined {
  if (!nearly.test(line)) return undefined;
  const [, word, name] = exactly.exec(line) ?? [];
  if (word === undefined || (name !== undefined && !isName(name))) return { kind: 'damaged' };
  return { kind: word === 'BEGIN' ? 'begin' : 'end', owner: name };
}

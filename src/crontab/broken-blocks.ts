import { isName, type JobName } from '../job/job.ts';
import { linesOf, readable, withoutLineFeed } from './block.ts';
import type { Numbered } from './block-drift.ts';
import type { Drift } from './drift.ts';
import { type BlockOwner, beginMarker, endMarker, readMarker } from './marker.ts';
import { jobOf, subjectOf } from './start-of-line.ts';

/** A table whose markers are damaged, lost or there twice, as far as what is left of them tells. */
export interface BrokenTable {
  /** All lines, without line feeds. */
  readonly lines: readonly string[];
  /** Those of a block; undefined where no marker of it is left. */
  inside(owner: BlockOwner): readonly Numbered[] | undefined;
  /** Those that are of no block. */
  readonly outside: readonly Numbered[];
  /** The markers that are not right of a project, of the tick, and of nobody knows whom. */
  markers(project: JobName): readonly Drift[];
}

/** A marker as it was meant. */
interface Meant extends Numbered {
  readonly kind: 'begin' | 'end';
  /** Null where the name is none. */
  readonly owner: BlockOwner | null;
  readonly isSound: boolean;
}

/** Lines between two markers, whose numbers these are. */
interface Stretch {
  readonly owner: BlockOwner | null;
  readonly from: number;
  readonly to: number;
}

interface Reading {
  readonly blocks: Stretch[];
  /** Perhaps a block, with a marker at one end only: what is about its owner belongs to it. */
  readonly halves: Stretch[];
  readonly broken: { readonly marker: Meant; readonly wanted: string | null }[];
}

/** Reads what can be made out of a table that readTableText() refuses. It never throws. */
export function readBrokenTable(table: Buffer): BrokenTable {
  const lines = linesOf(table).map(withoutLineFeed);
  const numbered = lines.map((line, index): Numbered => ({ line, number: index + 1 }));
  const markers = numbered.flatMap((one) => meant(one) ?? []);
  const reading = pair(markers, lines.length);
  const others = new Set(markers.map(({ number }) => number));
  const free = numbered.filter(({ number }) => !others.has(number));
  const inside = (owner: BlockOwner) => insideOf(reading, owner, free);
  const owners = new Set(
    [...reading.blocks, ...reading.halves].flatMap(({ owner }) => (owner === null ? [] : [owner])),
  );
  const taken = new Set([...owners].flatMap((owner) => inside(owner) ?? []));
  return {
    lines,
    inside,
    outside: free.filter((one) => !taken.has(one)),
    markers: (project) => reading.broken.filter(({ marker }) => isFor(marker, project)).map(toDrift),
  };
}

const nearly = /^\s*#\s*(BEGIN|END)\s+cronwright(?:\s+(\S+))?/i;

function meant({ line, number }: Numbered): Meant | undefined {
  const marker = readMarker(line);
  if (marker === undefined) return undefined;
  if (marker.kind !== 'damaged') return { ...marker, line, number, isSound: true };
  const [, word = '', name] = nearly.exec(line) ?? [];
  const owner = name?.toLowerCase();
  const kind = word.toLowerCase() === 'begin' ? 'begin' : 'end';
  return { line, number, kind, owner: owner === undefined || isName(owner) ? owner : null, isSound: false };
}

function pair(markers: readonly Meant[], lineCount: number): Reading {
  const reading: Reading = { blocks: [], halves: [], broken: [] };
  let open: Meant | undefined;
  let last = 0;
  for (const marker of markers) {
    if (!marker.isSound) reading.broken.push({ marker, wanted: markerOf(marker.kind, marker.owner) });
    if (marker.kind === 'begin') {
      noteUnended(reading, open, marker.number);
      noteRepeated(reading, marker);
      open = marker;
    } else if (open !== undefined && open.owner === marker.owner) {
      reading.blocks.push({ owner: open.owner, from: open.number, to: marker.number });
      open = undefined;
    } else noteUnbegun(reading, marker, last);
    last = marker.number;
  }
  noteUnended(reading, open, lineCount + 1);
  return reading;
}

function noteUnended({ halves, broken }: Reading, open: Meant | undefined, until: number): void {
  if (open === undefined) return;
  halves.push({ owner: open.owner, from: open.number, to: until });
  // Of a marker that is damaged itself nothing more is said: the rest may come of that.
  if (open.isSound) broken.push({ marker: open, wanted: markerOf('end', open.owner) });
}

function noteUnbegun({ halves, broken }: Reading, marker: Meant, after: number): void {
  halves.push({ owner: marker.owner, from: after, to: marker.number });
  if (marker.isSound) broken.push({ marker, wanted: markerOf('begin', marker.owner) });
}

function noteRepeated({ blocks, broken }: Reading, marker: Meant): void {
  const isRepeated = blocks.some(({ owner }) => owner === marker.owner);
  if (marker.isSound && isRepeated) broken.push({ marker, wanted: null });
}

function markerOf(kind: Meant['kind'], owner: BlockOwner | null): string | null {
  if (owner === null) return null;
  return kind === 'begin' ? beginMarker(owner) : endMarker(owner);
}

function insideOf({ blocks, halves }: Reading, owner: BlockOwner, free: readonly Numbered[]) {
  const within = ({ from, to }: Stretch) => free.filter(({ number }) => from < number && number < to);
  const block = blocks.find((one) => one.owner === owner);
  if (block !== undefined) return within(block);
  const half = halves.filter((one) => one.owner === owner);
  if (half.length === 0) return undefined;
  return half.flatMap(within).filter(({ line }) => isAbout(line, owner));
}

function isAbout(line: string, owner: BlockOwner): boolean {
  return owner === undefined ? subjectOf(line) === 'tick' : jobOf(line)?.startsWith(`${owner}/`) === true;
}

function isFor({ owner }: Meant, project: JobName): boolean {
  return owner === project || owner === undefined || owner === null;
}

function toDrift({ marker, wanted }: Reading['broken'][number]): Drift {
  return { kind: 'marker', job: null, wanted, found: readable(marker.line), line: marker.number };
}

import type { Job } from '../job/job.ts';
import { formatInstant } from '../schedule/instant.ts';
import { hostZone } from '../schedule/zone/zone.ts';
import type { Store } from './store.ts';

export const pauseScopes = ['all', 'label', 'job'] as const;
/** What a pause holds back: every job, those with a label, or one. */
export type PauseScope = (typeof pauseScopes)[number];

/** What is paused: the label or the full name of the job; empty for all jobs. */
export interface Paused {
  readonly scope: PauseScope;
  readonly name: string;
}

/** A time in which jobs are not started by schedule, at boot or to make up for a slot. UTC milliseconds. */
export interface Pause extends Paused {
  readonly id: number;
  /** Empty where none was given. */
  readonly reason: string;
  readonly since: number;
  /** Who paused it, or was the last to change its reason and end. */
  readonly by: string;
  /** The first instant at which it holds nothing back; null for no end. */
  readonly until: number | null;
  /** When somebody ended it before, or it was found to have run out; null for neither. */
  readonly endedAt: number | null;
  readonly endedBy: string | null;
}

/** A pause that is asked for. */
export interface NewPause extends Omit<Pause, 'id' | 'since' | 'endedAt' | 'endedBy'> {
  readonly at: number;
}

const columns = `id, scope, name, reason, since, paused_by AS "by", until, ended_at AS endedAt, ended_by AS endedBy`;

/** The index has none but those that nobody has ended. */
const open = 'pause INDEXED BY pause_open WHERE ended_at IS NULL';
const inForce = `${open} AND (until IS NULL OR until > ?)`;

/** The pauses that hold something back now, the oldest first. */
export function pausesInForce({ db }: Store, now: number): readonly Pause[] {
  return db.all<Pause>(`SELECT ${columns} FROM ${inForce} ORDER BY id`, now);
}

type Held = Pick<Job, 'id' | 'labels'>;

/** The pauses of a job that were or are in force at some time between two instants, both included; the oldest first. */
export function pausesBetween({ db }: Store, job: Held, from: number, until: number): readonly Pause[] {
  const sql = `SELECT ${columns} FROM pause
    WHERE since <= ? AND (ended_at IS NULL OR ended_at > ?) AND (until IS NULL OR until > ?) ORDER BY since, id`;
  return db.all<Pause>(sql, until, from, from).filter((pause) => holds(pause, job));
}

/** What holds a job back now; of several, what does so for longest. */
export function pauseInForce(store: Store, job: Held, now: number): Pause | undefined {
  // Every start asks, and hardly ever is anything paused: that alone is found out in a quarter of the time.
  if (store.db.get(`SELECT 1 FROM ${open} LIMIT 1`) === undefined) return undefined;
  return longest(pausesInForce(store, now), job);
}

/** What held a job back at an instant, also of the past; of several, what did so for longest. */
export function pauseOf({ db }: Store, job: Held, at: number): Pause | undefined {
  const sql = `SELECT ${columns} FROM pause
    WHERE since <= ? AND (ended_at IS NULL OR ended_at > ?) AND (until IS NULL OR until > ?) ORDER BY id`;
  return longest(db.all<Pause>(sql, at, at, at), job);
}

/** Of several pauses, the one that holds a job back for longest; of two without an end, the one that names it most closely. */
export function longest(pauses: readonly Pause[], job: Held): Pause | undefined {
  const holding = pauses.filter((pause) => holds(pause, job));
  const [first] = holding.toSorted((a, b) => untilOf(b) - untilOf(a) || closeness(b) - closeness(a));
  return first;
}

/** Whether a pause is one of a job's. */
export function holds({ scope, name }: Paused, { id, labels }: Held): boolean {
  if (scope === 'all') return true;
  return scope === 'job' ? name === id : labels.some((label) => label === name);
}

/** Larger than any instant, and a number that can be taken from itself. */
const never = Number.MAX_SAFE_INTEGER;

function untilOf({ until }: Pause): number {
  return until ?? never;
}

function closeness({ scope }: Pause): number {
  return pauseScopes.indexOf(scope);
}

/** Why a start was held back, to follow a job's name; the time is the host's. */
export function pauseWords({ scope, name, by, since, reason }: Pause): string {
  const what = { all: 'with all jobs ', label: `with the label ${name} `, job: '' }[scope];
  const time = formatInstant(since, hostZone()).slice(0, 16).replace('T', ' ');
  return `was paused ${what}by ${by} since ${time}${reason === '' ? '' : `: ${reason}`}`;
}

/**
 * Pauses something. What is paused already keeps its beginning, and gets the new reason and end.
 * @returns the pause, and what it was before.
 */
export function pause(
  store: Store,
  { scope, name, reason, by, at, until }: NewPause,
): { readonly now: Pause; readonly before: Pause | undefined } {
  const { db } = store;
  return db.write(() => {
    // Nobody has to end what has run out: it must not be found among what is in force for ever.
    db.run('UPDATE pause SET ended_at = until WHERE ended_at IS NULL AND until <= ?', at);
    const before = find(store, { scope, name }, at);
    if (before === undefined) {
      const sql = 'INSERT INTO pause (scope, name, reason, since, paused_by, until) VALUES (?, ?, ?, ?, ?, ?)';
      db.run(sql, scope, name, reason, at, by, until);
    } else {
      db.run('UPDATE pause SET reason = ?, paused_by = ?, until = ? WHERE id = ?', reason, by, until, before.id);
    }
    const now = find(store, { scope, name }, at);
    if (now === undefined) throw new Error(`a pause until ${until} was asked for at ${at}`);
    return { now, before };
  });
}

/** Ends a pause that is in force; undefined where there is none. Others may go on to hold the same jobs. */
export function resume(
  store: Store,
  paused: Paused,
  { by, at }: { readonly by: string; readonly at: number },
): Pause | undefined {
  const { db } = store;
  return db.write(() => {
    const found = find(store, paused, at);
    if (found === undefined) return undefined;
    db.run('UPDATE pause SET ended_at = ?, ended_by = ? WHERE id = ?', at, by, found.id);
    return { ...found, endedAt: at, endedBy: by };
  });
}

function find({ db }: Store, { scope, name }: Paused, now: number): Pause | undefined {
  return db.get<Pause>(`SELECT ${columns} FROM ${inForce} AND scope = ? AND name = ?`, now, scope, name);
}

/** Forgets the pauses that were over before a time. */
export function forgetPauses({ db }: Store, before: number): void {
  const old = 'coalesce(min(ended_at, until), ended_at, until) < ?';
  if (db.get(`SELECT 1 FROM pause WHERE ${old} LIMIT 1`, before) === undefined) return;
  db.write(() => db.run(`DELETE FROM pause WHERE ${old}`, before), { durability: 'normal' });
}

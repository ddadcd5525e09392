import type { Zone } from './zone/zone.ts';

/** An instant in ISO 8601 with the zone's offset, such as `2026-03-08T03:00:00-04:00`; seconds of an offset are kept. */
export function formatInstant(instant: number, zone: Zone): string {
  const offset = Math.round(zone.offsetAt(instant) * 60);
  const local = new Date(instant + offset * 1_000).toISOString().slice(0, 19);
  const size = Math.abs(offset);
  const parts = [Math.floor(size / 3_600), Math.floor(size / 60) % 60, size % 60];
  const shown = parts.slice(0, parts[2] === 0 ? 2 : 3).map((part) => String(part).padStart(2, '0'));
  return `${local}${offset < 0 ? '-' : '+'}${shown.join(':')}`;
}

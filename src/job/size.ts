const unitBytes = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 } as const;
type Unit = keyof typeof unitBytes;

/** A whole number and its unit: `256KiB`, `10MiB`, `1GiB`; or `k`, `M` and `G` for the same, as in logrotate(8). */
export const sizePattern = /^(\d{1,7})(?:([KMG])iB|([kKMG]))$/;

/** Bytes of a size such as `10MiB`; undefined where the text is none. `MB` is none: for some it is 1000 kB. */
export function parseSize(text: string): number | undefined {
  const [, count, unit, letter] = sizePattern.exec(text) ?? [];
  if (count === undefined) return undefined;
  return Number(count) * unitBytes[(unit ?? letter ?? '').toLowerCase() as Unit];
}

const words = [
  ['GiB', unitBytes.g],
  ['MiB', unitBytes.m],
  ['KiB', unitBytes.k],
] as const;

/** A size in its largest unit, with at most one decimal place: `256 KiB`, `1.5 MiB`, `12 bytes`. */
export function sizeWords(bytes: number): string {
  const [unit, factor] = words.find(([, least]) => bytes >= least) ?? ['bytes', 1];
  return `${Math.round((bytes / factor) * 10) / 10} ${unit}`;
}

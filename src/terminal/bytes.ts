const units = [
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
] as const;

/** A number of bytes in its largest unit, with at most one decimal place: `256 KiB`, `1.5 MiB`, `12 bytes`. */
export function bytesText(bytes: number): string {
  const [unit, factor] = units.find(([, least]) => bytes >= least) ?? ['bytes', 1];
  return `${Math.round((bytes / factor) * 10) / 10} ${unit}`;
}

import type { TableLine } from './table-lines.ts';

/** Programs that write entries of their own, and find them by these comments. */
const managers: readonly (readonly [RegExp, string])[] = [
  [/^#Ansible: /, 'Ansible'],
  [/^# Puppet Name: /, 'Puppet'],
  [/^# (?:.* )?SALT_CRON_IDENTIFIER:/, 'Salt'],
];

/** Programs that write everything between two comments. */
const sections: readonly (readonly [begin: RegExp, end: RegExp, name: string])[] = [
  [/^# Begin Whenever generated tasks/, /^# End Whenever generated tasks/, 'whenever'],
  [/^# Lines below here are managed by Salt/, /^# Lines above here are managed by Salt/, 'Salt'],
];

/** The program that a line belongs to, as far as comments say; it would write the line again. */
export function managedLines(lines: readonly TableLine[]): ReadonlyMap<TableLine, string> {
  const managed = new Map<TableLine, string>();
  let open: (typeof sections)[number] | undefined;
  for (const [index, line] of lines.entries()) {
    if (open?.[1].test(line.bytes)) open = undefined;
    open = sections.find(([begin]) => begin.test(line.bytes)) ?? open;
    const above = lines[index - 1]?.bytes ?? '';
    const manager = managers.find(([mark]) => mark.test(above))?.[1] ?? open?.[2];
    if (manager !== undefined) managed.set(line, manager);
  }
  return managed;
}

/** The permissions of a mode as people type them, such as `0644`. */
export function modeText(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

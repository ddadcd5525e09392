import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** By which two contents are told apart: SHA-256, in hexadecimal digits. */
export function digestOf(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The same of a file; undefined where it cannot be read. */
export function digestOfFile(path: string): string | undefined {
  try {
    return digestOf(readFileSync(path));
  } catch {
    return undefined;
  }
}

import { readFileSync, statSync } from 'node:fs';
import { errorCode, errorMessage, UserError } from '../errors.ts';
import { digestOf } from './digest.ts';
import type { Finding } from './problem.ts';

/** Ten thousand long jobs are a fifth of this. */
const largestFile = 16 * 1024 * 1024;

/** What a jobs file holds. */
export interface JobsText {
  /** Without its byte order mark. */
  readonly text: string;
  /** What is odd about its bytes. */
  readonly warnings: readonly Finding[];
  /** Of all its bytes. */
  readonly digest: string;
}

/**
 * Reads the text of a jobs file.
 * @throws UserError when it cannot be read, is no regular file, is larger than 16 MiB, or is no UTF-8 text.
 */
export function readJobsText(file: string): JobsText {
  const bytes = readBytes(file);
  const text = decode(bytes, file);
  const warnings: Finding[] = [];
  if (text.startsWith('\uFEFF')) warnings.push(oddity('byte-order-mark', 'the file begins with a byte order mark'));
  if (text.includes('\r\n')) warnings.push(oddity('crlf', 'the lines end with CR and LF, as on Windows'));
  return { text: text.replace(/^\uFEFF/, ''), warnings, digest: digestOf(bytes) };
}

function readBytes(file: string): Buffer {
  try {
    const stat = statSync(file);
    if (!stat.isFile() && !stat.isFIFO()) throw new UserError(`${file} is not a file`, 'name a jobs file with --file');
    if (stat.size > largestFile) throw tooLarge(file, stat.size);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (errorCode(error) !== 'ENOENT') throw new UserError(`cannot read ${file}: ${errorMessage(error)}`);
    throw new UserError(`there is no file ${file}`, 'cronwright init writes a starter file; --file names another one');
  }
}

function tooLarge(file: string, size: number): UserError {
  const megabytes = Math.ceil(size / 1024 / 1024);
  return new UserError(`${file} has ${megabytes} MiB, expected at most 16 MiB`, 'is this the jobs file?');
}

function decode(bytes: Buffer, file: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Told below, together with the texts that hold NUL: UTF-16 read as UTF-8 may be either.
  }
  throw new UserError(`${file} is not a UTF-8 text`, `see what it is: file ${file}`);
}

function oddity(code: string, message: string): Finding {
  return {
    severity: 'warning',
    code,
    message: `${message}; it does no harm here`,
    hint: 'save the file as plain UTF-8',
  };
}

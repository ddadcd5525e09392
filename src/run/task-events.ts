import { type LineWindow, LineWindows } from './line-windows.ts';
import { characterEnd, textOf } from './utf8.ts';

export const messageLevels = ['info', 'warning', 'error'] as const;
export type MessageLevel = (typeof messageLevels)[number];

/** What a task says of itself while it runs. */
export type TaskEvent =
  | {
      readonly kind: 'message';
      readonly level: MessageLevel;
      /** At most 4 KiB of UTF-8, line ends and control characters as the task wrote them. */
      readonly message: string;
    }
  /** How much is done, 0 to 1. */
  | { readonly kind: 'progress'; readonly value: number }
  /** JSON text of at most 64 KiB. */
  | { readonly kind: 'result'; readonly value: string };

const longestLine = 64 * 1024;
const longestResult = 64 * 1024;
const longestMessage = 4 * 1024;
const mostMessages = 200;

/** A line as it was understood. */
interface Report {
  readonly message: Extract<TaskEvent, { kind: 'message' }> | undefined;
  readonly progress: number | undefined;
  /** JSON text. */
  readonly result: string | undefined;
}

/**
 * Reads what a task writes to CRONWRIGHT_EVENTS: a JSON object a line, with `message` and perhaps its `level`, with
 * `progress`, with `result`, or with several of them; what else stands in it is passed over. It holds one line of 64
 * KiB and takes 200 messages of a run; whatever the task writes, it does not throw.
 */
export class TaskEvents {
  readonly #lines = new LineWindows(longestLine);
  #messages = 0;
  #rubbish = 0;

  /** The events that these bytes complete. Of several progresses or results only the last is among them. */
  push(bytes: Uint8Array): readonly TaskEvent[] {
    return this.#read((take) => this.#lines.push(bytes, take));
  }

  /** The attempt wrote its last: what came behind the last newline is a line too. */
  endAttempt(): readonly TaskEvent[] {
    return this.#read((take) => this.#lines.end(take));
  }

  /** What there is to say at the end of the run about lines that were left out. */
  end(): readonly TaskEvent[] {
    const parts = [
      leftOut(this.#rubbish, 'on CRONWRIGHT_EVENTS', 'not understood and left out'),
      leftOut(this.#messages - mostMessages, `with messages after the first ${mostMessages}`, 'left out'),
    ];
    const message = parts.filter((part) => part !== undefined).join('; ');
    return message === '' ? [] : [{ kind: 'message', level: 'warning', message }];
  }

  #read(feed: (take: (window: LineWindow) => void) => void): readonly TaskEvent[] {
    const events: TaskEvent[] = [];
    let progress: number | undefined;
    let result: string | undefined;
    feed((window) => {
      const report = this.#reportOf(window);
      if (report?.message !== undefined && ++this.#messages <= mostMessages) events.push(report.message);
      progress = report?.progress ?? progress;
      result = report?.result ?? result;
    });
    if (progress !== undefined) events.push({ kind: 'progress', value: progress });
    if (result !== undefined) events.push({ kind: 'result', value: result });
    return events;
  }

  /** A line that is too long comes as several windows and counts once. */
  #reportOf({ bytes, first, last }: LineWindow): Report | undefined {
    const whole = first && last;
    const text = whole ? textOf(bytes) : '';
    if (whole && text.trim() === '') return undefined;
    const report = whole ? parseReport(text) : undefined;
    if (last && report === undefined) this.#rubbish++;
    return report;
  }
}

function leftOut(lines: number, which: string, what: string): string | undefined {
  if (lines <= 0) return undefined;
  return lines === 1 ? `1 line ${which} was ${what}` : `${lines} lines ${which} were ${what}`;
}

/** A line as a report; undefined for rubbish: no JSON, no object, nothing known in it, or a known thing of a wrong kind. */
function parseReport(line: string): Report | undefined {
  try {
    return reportOf(JSON.parse(line));
  } catch {
    // No JSON, or so deeply nested that it cannot be written again.
    return undefined;
  }
}

function reportOf(value: unknown): Report | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  if (!['message', 'progress', 'result'].some((name) => fields.has(name))) return undefined;
  const message = fields.has('message') ? messageOf(fields.get('message'), fields.get('level')) : undefined;
  const progress = fields.get('progress');
  const result = fields.has('result') ? JSON.stringify(fields.get('result')) : undefined;
  if (fields.has('message') && message === undefined) return undefined;
  if (progress !== undefined && !isShare(progress)) return undefined;
  if (result !== undefined && (Buffer.byteLength(result) > longestResult || isDeep(result))) return undefined;
  return { message, progress, result };
}

function messageOf(message: unknown, level: unknown = 'info'): Report['message'] {
  const known = messageLevels.find((each) => each === level);
  if (typeof message !== 'string' || known === undefined) return undefined;
  return { kind: 'message', level: known, message: clipped(message.toWellFormed()) };
}

/** Whoever shows a result goes into it level by level. */
const deepestResult = 64;

/** Brackets within texts count too: a result that looks so is not worth a parser of its own. */
function isDeep(json: string): boolean {
  let depth = 0;
  for (const sign of json) {
    if (sign === '[' || sign === '{') depth += 1;
    else if (sign === ']' || sign === '}') depth -= 1;
    if (depth > deepestResult) return true;
  }
  return false;
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

const ellipsis = '…';

function clipped(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= longestMessage) return text;
  const end = characterEnd(bytes, longestMessage - Buffer.byteLength(ellipsis));
  return `${textOf(bytes.subarray(0, end))}${ellipsis}`;
}

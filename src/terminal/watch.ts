import type { Clock } from '../clock.ts';
import { percent } from './human/runs.ts';
import { clip, harmless } from './layout.ts';
import { endsWithin, LiveLine } from './live-line.ts';
import type { Style } from './style.ts';
import { span } from './when.ts';

/** Where text goes, and whether a person is there. */
export interface Sink {
  write(text: string | Uint8Array): void;
  readonly isTerminal: boolean;
  readonly width: number;
}

/** What is watched, and where it is shown. */
export interface Watched {
  readonly job: string;
  /** UTC milliseconds. */
  readonly startedAt: number;
  readonly clock: Clock;
  /** The terminal that gets the live line, if it is one. */
  readonly err: Sink;
  readonly style: Style;
}

/** How often the time that has passed is drawn anew, in milliseconds. */
const drawEvery = 500;

/**
 * A run as it goes: what is written comes as it is, and where standard error is a terminal a line below it shows how far
 * the run is. In a pipe or a file there is no such line.
 */
export class Watch {
  readonly #watched: Watched;
  readonly #line: LiveLine | undefined;
  readonly #over = new AbortController();
  /** Where a line has been begun and not ended; all terminals are one. */
  readonly #begun = new Set<Sink | 'terminal'>();
  #progress: number | null = null;
  #message = '';

  constructor(watched: Watched) {
    this.#watched = watched;
    const { err } = watched;
    this.#line = err.isTerminal ? new LiveLine((text) => err.write(text)) : undefined;
    if (this.#line) void this.#keepDrawn();
  }

  /** Writes to one of the program's streams. */
  write(sink: Sink, text: string | Uint8Array): void {
    // Text that goes elsewhere than to the terminal does not disturb its line.
    if (this.#line && sink.isTerminal) this.#line.beside(text, () => sink.write(text));
    else sink.write(text);
    if (endsWithin(text)) this.#begun.add(placeOf(sink));
    else if (text.length > 0) this.#begun.delete(placeOf(sink));
  }

  /** What a task says, in a line of its own. */
  message(sink: Sink, level: string, message: string): void {
    const { style } = this.#watched;
    const paint = { error: style.bad, warning: style.warn }[level] ?? style.faint;
    const [first = '', ...more] = harmless(message).split('\n');
    this.#message = first;
    const lines = [`${paint(`${level}:`)} ${first}`, ...more.map((line) => `  ${line}`)];
    this.#writeLines(sink, lines);
  }

  /** A sentence about the run, in a line of its own; it then also stands in the live line. */
  say(words: string): void {
    const text = harmless(words);
    this.#message = text;
    this.#writeLines(this.#watched.err, [text]);
  }

  /** @param value 0 to 1; null where nothing is known. */
  progress(value: number | null): void {
    this.#progress = value;
    this.#draw();
  }

  /** Shows these words in the line, such as what is waited for. */
  doing(words: string): void {
    this.#message = harmless(words);
    this.#draw();
  }

  end(): void {
    this.#over.abort();
    this.#line?.end();
  }

  #writeLines(sink: Sink, lines: readonly string[]): void {
    const start = this.#begun.has(placeOf(sink)) ? '\n' : '';
    this.write(sink, `${start}${lines.map((line) => `${line}\n`).join('')}`);
    this.#draw();
  }

  async #keepDrawn(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      await this.#watched.clock.sleep(drawEvery, signal).catch(() => undefined);
      if (!signal.aborted) this.#draw();
    }
  }

  #draw(): void {
    const { job, startedAt, clock, err } = this.#watched;
    const state = { job, progress: this.#progress, elapsed: clock.now() - startedAt, message: this.#message };
    this.#line?.draw(progressLine(state, err.width));
  }
}

function placeOf(sink: Sink): Sink | 'terminal' {
  return sink.isTerminal ? 'terminal' : sink;
}

/** How far a run is. */
export interface Progress {
  readonly job: string;
  /** 0 to 1; null where the task has not said. */
  readonly progress: number | null;
  /** Milliseconds. */
  readonly elapsed: number;
  /** The latest message; may be empty. */
  readonly message: string;
}

const barWidth = 20;

/** One line about a run: `shop/backup [========------------]  40%  1m 05s  1200 sessions have expired`. */
export function progressLine({ job, progress, elapsed, message }: Progress, width: number): string {
  const filled = Math.floor((progress ?? 0) * barWidth);
  const bar = `[${'='.repeat(filled)}${'-'.repeat(barWidth - filled)}]`;
  const share = progress === null ? '' : ` ${bar} ${percent(progress).padStart(4)}`;
  return clip(`${job}${share}  ${span(Math.max(0, elapsed))}${message === '' ? '' : `  ${message}`}`, width - 1);
}

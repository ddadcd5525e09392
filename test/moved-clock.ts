import type { Clock } from '../src/clock.ts';

/** A clock that stands still until a test moves it. */
export class MovedClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  readonly #watchers: (() => void)[] = [];

  constructor(now: number | string) {
    this.#now = typeof now === 'string' ? Date.parse(now) : now;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const sleeper = { until: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      for (const tell of this.#watchers.splice(0)) tell();
      signal?.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      });
    });
  }

  /** Resolves as soon as somebody sleeps. */
  untilAsleep(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#sleepers.size > 0) resolve();
      else this.#watchers.push(resolve);
    });
  }

  move(ms: number): void {
    this.#now += ms;
    for (const sleeper of this.#sleepers) {
      if (sleeper.until > this.#now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Running } from '../e2e/program.ts';
import type { Chance } from './chance.ts';
import type { Ground } from './ground.ts';
import type { Kind } from './lives.ts';
import { processesStartedWith } from './marked.ts';

/** A wrapper that was started, and what became of it. */
export interface Life {
  readonly pid: number | undefined;
  readonly err: string;
  /** Whether it was killed before its end. */
  readonly killed: boolean;
}

/** Starts wrappers, and kills them at moments that are spread over the lives which others of their kind had. */
export class Killer {
  readonly lives: Life[] = [];
  readonly #ground: Ground;
  readonly #chance: Chance;
  /** The longest life of each kind in milliseconds, of those that were let live. */
  readonly #longest = new Map<string, number>();

  constructor(ground: Ground, chance: Chance) {
    this.#ground = ground;
    this.#chance = chance;
  }

  get kills(): number {
    return this.lives.filter(({ killed }) => killed).length;
  }

  /** One life of a job's wrapper, and of the further starts that its kind has; one of them at most is let live. */
  async live(kind: Kind, job: string): Promise<void> {
    const scheduled = ['run', '--scheduled', `shop/${job}`];
    const first = this.#one(kind.name, scheduled);
    if (kind.others === 'same-slot') await Promise.all([first, this.#one(kind.name, scheduled)]);
    else if (kind.others === 'later') {
      const later = [1, 2].map(async (place) => {
        await delay(place * this.#chance.below(400));
        await this.#one(kind.name, ['run', '--at-boot', `shop/${job}`]);
      });
      await Promise.all([first, ...later]);
    } else await first;
  }

  /** A tick, killed now and then. */
  tick(): Promise<void> {
    return this.#one('tick', ['tick'], 0.3);
  }

  /** Kills a wrapper that a tick has started for a retry, if there is one. */
  killRetry(): void {
    const [pid] = processesStartedWith([this.#ground.state, '--retry']);
    if (pid === undefined) return;
    process.kill(pid, 'SIGKILL');
    this.lives.push({ pid, err: '', killed: true });
  }

  async #one(kind: string, words: readonly string[], share = 0.9): Promise<void> {
    const begun = performance.now();
    const running = this.#ground.start(words, { also: surroundingsOf(this.#ground) });
    const longest = this.#longest.get(kind);
    const isDoomed = longest !== undefined && this.#chance.happens(share);
    if (isDoomed) await this.#strike(running, this.#chance.below(longest * 1.05));
    const { err } = await running.ended;
    const { pid, signalCode } = running.process;
    const killed = signalCode === 'SIGKILL' || (isDoomed && running.process.killed);
    if (!killed) this.#longest.set(kind, Math.max(longest ?? 0, performance.now() - begun));
    this.lives.push({ pid, err, killed });
  }

  /** Most kills are of the kind that nobody can prepare for. */
  async #strike({ process: wrapper, ended }: Running, after: number): Promise<void> {
    const signal = this.#chance.happens(0.85) ? 'SIGKILL' : 'SIGTERM';
    await Promise.race([delay(after), ended]);
    if (wrapper.exitCode === null && wrapper.signalCode === null) wrapper.kill(signal);
  }
}

/** Temporary files of their own, so that what is left of them is seen. */
export function surroundingsOf({ path }: Ground): NodeJS.ProcessEnv {
  return { TMPDIR: `${path}/tmp` };
}

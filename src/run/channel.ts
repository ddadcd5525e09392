import { closeSync } from 'node:fs';
import { streams } from './stream.ts';

/** What a task writes to, in the order of its descriptors from 1: its two streams, and its events. */
export const channels = [...streams, 'events'] as const;
export type Channel = (typeof channels)[number];

/** The two ends of one pipe, as descriptors that no other process has yet. */
export interface Pipe {
  readonly read: number;
  readonly write: number;
}

/** One pipe for each channel of a task. */
export type Pipes = Readonly<Record<Channel, Pipe>>;

/**
 * A pipe for each channel, as `open` makes them from their reading ends.
 * @param open Notes each descriptor that it opens, so that all are closed again when one of them fails.
 */
export function openPipes(open: (channel: Channel, note: (descriptor: number) => number) => Pipe): Pipes {
  const opened: number[] = [];
  const note = (descriptor: number): number => {
    opened.push(descriptor);
    return descriptor;
  };
  try {
    return { stdout: open('stdout', note), stderr: open('stderr', note), events: open('events', note) };
  } catch (error) {
    for (const descriptor of opened) closeSync(descriptor);
    throw error;
  }
}

/** Closes the ends that the task writes to: it has its own of them, and only then does its end close the pipe. */
export function closeWriteEnds(pipes: Pipes | undefined): void {
  if (pipes === undefined) return;
  for (const channel of channels) closeSync(pipes[channel].write);
}

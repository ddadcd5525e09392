import { constants, fchmodSync, fstatSync, openSync, readSync } from 'node:fs';
import { channels, openPipes, type Pipes } from './channel.ts';

/** The descriptor at which the launcher puts the reading end of the first channel; the others follow. */
const first = 3;

let taken = false;

/**
 * The pipes that bin/cronwright opened before it became this process, good for one task; undefined where there are none.
 * To a shell a here-document is a pipe, which costs it a hundredth of what starting mkfifo(1) costs us. Some shells make
 * it a file; then these are not used.
 *
 * CRONWRIGHT_PIPES is the id of the process that they are for, so that a descendant which finds it in its environment
 * does not take what lies at these descriptors. The number also stands in the pipes themselves.
 */
export function takeHandedPipes(handed: string | undefined): Pipes | undefined {
  if (taken || handed !== String(process.pid)) return undefined;
  taken = true;
  try {
    return openPipes((channel, note) => {
      const read = first + channels.indexOf(channel);
      // Not noted before, or it would be closed: where a shell left the number free, it may be Node's own by now.
      if (!isOurs(read)) throw new Error(`descriptor ${read} is no pipe of ours`);
      note(read);
      // The shell closed this end once it had written the number. This is the way to have it again.
      const write = note(openSync(`/proc/self/fd/${read}`, constants.O_WRONLY));
      // A task that runs as another user opens /dev/stderr with that user's rights.
      fchmodSync(write, 0o666);
      return { read, write };
    });
  } catch {
    return undefined;
  }
}

function isOurs(descriptor: number): boolean {
  if (!fstatSync(descriptor).isFIFO()) return false;
  const buffer = Buffer.alloc(16);
  return buffer.toString('latin1', 0, readSync(descriptor, buffer)) === `${process.pid}\n`;
}

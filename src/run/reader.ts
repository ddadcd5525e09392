import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';

/** Takes bytes as they come. They are lent: after the call the same memory holds the next ones. */
export type Take = (bytes: Uint8Array) => void;

const readSize = 64 * 1024;

/** Reads a pipe of ours, always into the same memory. */
export function readPipe(fd: number, take: Take): Readable {
  const buffer = Buffer.allocUnsafeSlow(readSize);
  const callback = (length: number) => {
    take(buffer.subarray(0, length));
    return true;
  };
  return new Socket({ fd, readable: true, writable: false, onread: { buffer, callback } });
}

/** Reads the socket pair that Node makes where we could make no pipes. */
export function readSocket(socket: Readable | Writable | null | undefined, take: Take): Readable {
  if (!(socket instanceof Socket)) throw new Error('the task has neither a pipe nor a socket');
  return socket.on('data', take);
}

/** Resolves when all of it was read and nobody writes to it any more; a pipe that cannot be read is closed as well. */
export function whenClosed(reader: Readable): Promise<void> {
  return new Promise((resolve) => {
    reader.on('error', () => undefined);
    reader.once('close', resolve);
  });
}

import type { Socket } from 'node:net'

/**
 * Resets a connection, as a network does. One that is just being closed is closed at once: Node.js refuses to reset it
 * (EINVAL), then neither closes the socket nor lets the process exit.
 */
export function resetConnection(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy()
  else socket.resetAndDestroy()
}

/** A socket as a wire: no delay, one write per call, back-pressure by not reading. */
import type { Socket } from 'node:net'
import type { Wire, WireHandlers, WireTap } from '../app/runtime.ts'

/** Longest wait for the peer to take the last octets after `close`, in ms. */
const FLUSH_MS = 1_000

/** Wires a connected or connecting socket to its handlers. `closed` is called exactly once. */
export function socketWire(socket: Socket, handlers: WireHandlers, tap?: WireTap): Wire {
  let failure: Error | undefined
  let flushTimer: NodeJS.Timeout | undefined
  socket.setNoDelay(true)
  tap?.opened()
  socket.on('data', (chunk: Buffer) => {
    tap?.received(chunk)
    handlers.received(chunk)
  })
  socket.on('error', (error) => {
    failure = error
  })
  socket.on('close', () => {
    clearTimeout(flushTimer)
    handlers.closed(failure)
  })
  // A peer that sends requests but reads no responses must not fill our memory.
  socket.on('drain', () => socket.resume())
  return {
    send: (octets) => {
      if (!socket.writable) return
      tap?.sent(octets)
      if (!socket.write(octets)) socket.pause()
    },
    close: () => {
      if (socket.connecting) socket.destroy()
      else if (!socket.destroyed) {
        socket.destroySoon()
        flushTimer ??= setTimeout(() => socket.destroy(), FLUSH_MS)
      }
    },
  }
}

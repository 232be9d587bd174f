/** A socket as a wire: no delay, one write per turn of the event loop, back-pressure by not reading. */
import type { Socket } from 'node:net'
import type { Wire, WireHandlers, WireTap } from '../app/runtime.ts'
import { Outbox } from './outbox.ts'

/** Longest wait after `close` for the peer to take the last octets, in ms. */
const FLUSH_MS = 1_000

/** A connected or connecting socket and its handlers; `closed` is called exactly once. */
export class SocketWire implements Wire {
  private readonly socket: Socket
  private readonly handlers: WireHandlers
  private readonly tap: WireTap | undefined
  private readonly outbox: Outbox
  private failure: Error | undefined
  private flushTimer: NodeJS.Timeout | undefined

  constructor(socket: Socket, handlers: WireHandlers, tap?: WireTap) {
    this.socket = socket
    this.handlers = handlers
    this.tap = tap
    this.outbox = new Outbox(socket)
    socket.setNoDelay(true)
    tap?.opened()
    socket.on('data', (chunk) => this.take(chunk))
    socket.on('error', (error) => {
      this.failure = error
    })
    socket.on('close', () => {
      clearTimeout(this.flushTimer)
      handlers.closed(this.failure)
    })
    // A peer that sends requests but reads no responses must not fill our memory.
    socket.on('drain', () => socket.resume())
  }

  /** Passes on what the socket has read; if the socket does not emit it, the reader calls this. */
  take(chunk: Uint8Array): void {
    this.tap?.received(chunk)
    this.handlers.received(chunk)
  }

  send(octets: Uint8Array): void {
    if (!this.socket.writable) return
    this.tap?.sent(octets)
    this.outbox.put(octets)
  }

  close(): void {
    const { socket } = this
    if (socket.connecting) socket.destroy()
    else if (!socket.destroyed) {
      this.outbox.flush()
      socket.destroySoon()
      this.flushTimer ??= setTimeout(() => socket.destroy(), FLUSH_MS)
    }
  }
}

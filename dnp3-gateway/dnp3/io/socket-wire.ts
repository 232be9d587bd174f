/** A socket as a wire: no delay, one write per turn, back-pressure by not reading. */
import type { Socket } from 'node:net'
import type { Wire, WireHandlers, WireTap } from '../app/runtime.ts'

/** Longest wait for the peer to take the last octets after `close`, in ms. */
const FLUSH_MS = 1_000

/** A wire that is handed what its socket reads, where the socket does not emit it. */
export interface SocketWire extends Wire {
  take(chunk: Uint8Array): void
}

/** Wires a connected or connecting socket to its handlers. `closed` is called exactly once. */
export function socketWire(socket: Socket, handlers: WireHandlers, tap?: WireTap): SocketWire {
  let failure: Error | undefined
  let flushTimer: NodeJS.Timeout | undefined
  const outbox = new Outbox(socket)
  socket.setNoDelay(true)
  tap?.opened()
  const take = (chunk: Uint8Array) => {
    tap?.received(chunk)
    handlers.received(chunk)
  }
  socket.on('data', take)
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
    take,
    send: (octets) => {
      if (!socket.writable) return
      tap?.sent(octets)
      outbox.put(octets)
    },
    close: () => {
      if (socket.connecting) socket.destroy()
      else if (!socket.destroyed) {
        outbox.flush()
        socket.destroySoon()
        flushTimer ??= setTimeout(() => socket.destroy(), FLUSH_MS)
      }
    },
  }
}

/**
 * Fragments that are sent within one turn leave in one write: a confirm and the request that follows it from the
 * continuation of a promise cost one system call and one segment in place of two. Nothing waits for anything: the turn
 * ends as soon as no promise has more to do.
 */
class Outbox {
  private readonly socket: Socket
  private first: Uint8Array | null = null
  private more: Uint8Array[] | null = null

  constructor(socket: Socket) {
    this.socket = socket
  }

  put(octets: Uint8Array): void {
    if (this.first !== null) {
      if (this.more === null) this.more = [octets]
      else this.more.push(octets)
      return
    }
    this.first = octets
    if (dirty.push(this) === 1) queueMicrotask(flushWhenSettled)
  }

  flush(): void {
    const { first, more, socket } = this
    if (first === null) return
    this.first = null
    this.more = null
    if (!socket.writable) return
    const taken = socket.write(more === null ? first : Buffer.concat([first, ...more]))
    if (!taken) socket.pause()
  }
}

/** Outboxes with something in them. */
let dirty: Outbox[] = []

/** Ticks run when no microtask is left. */
function flushWhenSettled(): void {
  process.nextTick(flushAll)
}

function flushAll(): void {
  const due = dirty
  dirty = []
  for (const outbox of due) outbox.flush()
}

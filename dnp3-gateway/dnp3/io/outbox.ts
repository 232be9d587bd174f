/** Octets to be written to sockets: framed in one stretch of memory, and sent once per turn of the event loop. */
import type { Socket } from 'node:net'

const ARENA_OCTETS = 65_536

/**
 * How many sockets may wait for the end of a turn. Fewer gain less; with hundreds, the peers of a busy process run dry
 * meanwhile, and the memory has left the cache by the time it is sent.
 */
const MAX_DIRTY = 32

/** Holds the frames of a turn one after the other; reused from its start once the system has taken them all. */
let arena = Buffer.allocUnsafeSlow(ARENA_OCTETS)
let used = 0
/** Whether a socket still holds octets in the arena: if so it is filled up, left to the garbage collector and replaced. */
let isHeld = false

/** Memory for octets that go to an outbox within the same turn. */
export function outgoingOctets(octets: number): Uint8Array {
  if (octets > ARENA_OCTETS) return Buffer.allocUnsafeSlow(octets)
  if (octets > ARENA_OCTETS - used) {
    arena = Buffer.allocUnsafeSlow(ARENA_OCTETS)
    used = 0
    isHeld = false
  }
  used += octets
  return arena.subarray(used - octets, used)
}

/**
 * Fragments sent within one turn of the event loop leave in one write: a confirm and the next request, sent from the
 * continuation of a promise, cost one system call and one segment instead of two. Nothing is delayed for long: octets are
 * sent once everything that has arrived is handled, or earlier if too many sockets have octets waiting. Reading many and
 * then writing many is faster than alternating, because code and data stay in the cache.
 */
export class Outbox {
  private readonly socket: Socket
  private octets: Uint8Array | null = null

  constructor(socket: Socket) {
    this.socket = socket
  }

  put(octets: Uint8Array): void {
    if (this.octets !== null) {
      this.octets = joined(this.octets, octets)
      return
    }
    if (dirty.length >= MAX_DIRTY) flushDirty()
    this.octets = octets
    if (dirty.push(this) === 1 && !isFlushDue) {
      isFlushDue = true
      setImmediate(flushAll)
    }
  }

  flush(): void {
    const { octets, socket } = this
    if (octets === null) return
    this.octets = null
    if (!socket.writable) return
    if (!socket.write(octets)) socket.pause()
    if (socket.writableLength > 0) isHeld = true
  }
}

/** Neighbours in memory are sent without copying. */
function joined(first: Uint8Array, next: Uint8Array): Uint8Array {
  const isNext = first.buffer === next.buffer && first.byteOffset + first.length === next.byteOffset
  if (isNext) return Buffer.from(first.buffer, first.byteOffset, first.length + next.length)
  return Buffer.concat([first, next])
}

/** Outboxes that hold octets. */
const dirty: Outbox[] = []
let isFlushDue = false

function flushDirty(): void {
  for (const outbox of dirty) outbox.flush()
  dirty.length = 0
}

function flushAll(): void {
  isFlushDue = false
  flushDirty()
  if (!isHeld) used = 0
}

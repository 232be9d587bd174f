/** What is to be written to sockets: framed in one stretch of memory, and sent once a turn. */
import type { Socket } from 'node:net'

const ARENA_OCTETS = 65_536

/** Frames of one turn lie here one after the other; used again from its start when the system has taken them all. */
let arena = Buffer.allocUnsafeSlow(ARENA_OCTETS)
let used = 0
/** Whether a socket still holds something in the arena: then it is filled up, left to the garbage collector, replaced. */
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
 * Fragments that are sent within one turn leave in one write: a confirm and the request that follows it from the
 * continuation of a promise cost one system call and one segment in place of two. Nothing waits for anything: the turn
 * ends as soon as no promise has more to do.
 */
export class Outbox {
  private readonly socket: Socket
  private octets: Uint8Array | null = null

  constructor(socket: Socket) {
    this.socket = socket
  }

  put(octets: Uint8Array): void {
    if (this.octets !== null) this.octets = joined(this.octets, octets)
    else {
      this.octets = octets
      if (dirty.push(this) === 1) void settled.then(flushWhenSettled)
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

/** Neighbours in memory need no copy. */
function joined(first: Uint8Array, next: Uint8Array): Uint8Array {
  const isNext = first.buffer === next.buffer && first.byteOffset + first.length === next.byteOffset
  if (isNext) return Buffer.from(first.buffer, first.byteOffset, first.length + next.length)
  return Buffer.concat([first, next])
}

/** Outboxes with something in them. */
let dirty: Outbox[] = []
let flushed: Outbox[] = []

const settled = Promise.resolve()

/** Ticks run when no microtask is left. */
function flushWhenSettled(): void {
  process.nextTick(flushAll)
}

function flushAll(): void {
  const due = dirty
  dirty = flushed
  for (const outbox of due) outbox.flush()
  due.length = 0
  flushed = due
  if (!isHeld && dirty.length === 0) used = 0
}

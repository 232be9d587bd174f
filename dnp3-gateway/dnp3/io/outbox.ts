/** What is to be written to sockets: framed in one stretch of memory, and sent once a turn of the event loop. */
import type { Socket } from 'node:net'

const ARENA_OCTETS = 65_536

/**
 * Sockets that may wait for the end of a turn. Fewer bring less of the gain; with hundreds the peers of a busy process run
 * dry meanwhile, and the memory written to is cold again when it is sent.
 */
const MAX_DIRTY = 32

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
 * Fragments that are sent within one turn of the event loop leave in one write: a confirm and the request that follows it
 * from the continuation of a promise cost one system call and one segment in place of two. Nothing waits for anything:
 * the turn ends as soon as all that has arrived is dealt with, or has been for so many sockets that their octets are sent
 * first. Reading many and then writing many is quicker than going back and forth: each finds its code and data at hand.
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

/** Neighbours in memory need no copy. */
function joined(first: Uint8Array, next: Uint8Array): Uint8Array {
  const isNext = first.buffer === next.buffer && first.byteOffset + first.length === next.byteOffset
  if (isNext) return Buffer.from(first.buffer, first.byteOffset, first.length + next.length)
  return Buffer.concat([first, next])
}

/** Outboxes with something in them. */
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

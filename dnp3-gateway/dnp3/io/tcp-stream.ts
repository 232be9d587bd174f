/** Puts one direction of a TCP connection back in order from captured segments, within limits. */

/** What may wait for a missing segment: beyond that, the capture has lost it. Packets out of order come within a moment. */
const MAX_WAITING = { octets: 65_536, segments: 64, ms: 5_000 } as const

/** Octets in order, with the packet that held them. */
export interface Piece {
  readonly payload: Uint8Array
  readonly frame: number
  readonly timeMs: number
  /** Octets before it that are missing from the capture. */
  readonly missing: number
}

type Held = Omit<Piece, 'missing'>

export class TcpStream {
  private next = -1
  private readonly waiting = new Map<number, Held>()
  private held = 0

  /** Takes a segment and the packet it came in; returns what is now in order. `syn` starts afresh. */
  push(sequence: number, payload: Uint8Array, syn: boolean, frame = 0, timeMs = Number.NaN): Piece[] {
    if (syn) {
      const rest = this.flush()
      this.next = (sequence + 1) >>> 0
      // Octets may come with it (RFC 7413).
      return payload.length === 0 ? rest : [...rest, this.take({ payload, frame, timeMs }, 0)]
    }
    if (payload.length === 0) return []
    if (this.next < 0) this.next = sequence
    const ahead = distance(this.next, sequence)
    if (ahead > 0) return this.hold(sequence, { payload, frame, timeMs })
    // A retransmission: only what extends beyond the known octets is new.
    if (-ahead >= payload.length) return []
    return [this.take({ payload: payload.subarray(-ahead), frame, timeMs }, 0), ...this.following()]
  }

  /** The capture, or the connection, has ended: what waits is returned, with its gaps. */
  flush(): Piece[] {
    const out: Piece[] = []
    while (this.waiting.size > 0) out.push(...this.skip())
    return out
  }

  private take(piece: Held, missing: number): Piece {
    this.next = (this.next + piece.payload.length) >>> 0
    return { ...piece, missing }
  }

  private hold(sequence: number, piece: Held): Piece[] {
    const known = this.waiting.get(sequence)
    // A retransmission may be cut elsewhere: the longer one says more.
    if (known === undefined || known.payload.length < piece.payload.length) {
      this.held += piece.payload.length - (known?.payload.length ?? 0)
      this.waiting.set(sequence, piece)
    }
    const [oldest] = this.waiting.values()
    const isLost =
      this.held > MAX_WAITING.octets ||
      this.waiting.size > MAX_WAITING.segments ||
      piece.timeMs - (oldest as Held).timeMs > MAX_WAITING.ms
    return isLost ? this.skip() : []
  }

  /** Goes on behind the gap. */
  private skip(): Piece[] {
    let nearest = Number.POSITIVE_INFINITY
    for (const sequence of this.waiting.keys()) nearest = Math.min(nearest, distance(this.next, sequence))
    this.next = (this.next + nearest) >>> 0
    return this.following().map((piece, i) => (i === 0 ? { ...piece, missing: nearest } : piece))
  }

  private following(): Piece[] {
    const out: Piece[] = []
    for (let more = true; more; ) {
      more = false
      for (const [sequence, piece] of this.waiting) {
        const ahead = distance(this.next, sequence)
        if (ahead > 0) continue
        this.waiting.delete(sequence)
        this.held -= piece.payload.length
        more = true
        if (-ahead < piece.payload.length) out.push(this.take({ ...piece, payload: piece.payload.subarray(-ahead) }, 0))
      }
    }
    return out
  }
}

/** How far `b` is ahead of `a`, modulo 2³². */
function distance(a: number, b: number): number {
  return (b - a) | 0
}

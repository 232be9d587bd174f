/** Puts one direction of a TCP connection back in order from captured segments, within limits. */

/** Octets that may wait for a missing segment; beyond that the gap is skipped. */
const MAX_WAITING = 65_536

export class TcpStream {
  private next = -1
  private readonly waiting = new Map<number, Uint8Array>()
  private held = 0

  /** Takes a segment; returns the payloads that are now in order. `syn` starts afresh. */
  push(sequence: number, payload: Uint8Array, syn: boolean): Uint8Array[] {
    if (syn) {
      this.start((sequence + 1) >>> 0)
      return []
    }
    if (payload.length === 0) return []
    if (this.next < 0) this.next = sequence
    const ahead = distance(this.next, sequence)
    if (ahead > 0) return this.hold(sequence, payload)
    // A retransmission: only what extends beyond the known octets is new.
    const known = -ahead
    if (known >= payload.length) return []
    return [this.take(payload.subarray(known)), ...this.following()]
  }

  private start(next: number): void {
    this.next = next
    this.waiting.clear()
    this.held = 0
  }

  private take(payload: Uint8Array): Uint8Array {
    this.next = (this.next + payload.length) >>> 0
    return payload
  }

  private hold(sequence: number, payload: Uint8Array): Uint8Array[] {
    if (!this.waiting.has(sequence)) {
      this.waiting.set(sequence, payload)
      this.held += payload.length
    }
    if (this.held <= MAX_WAITING) return []
    // The capture lost a segment: continue after the gap.
    const [first] = [...this.waiting.keys()].sort((a, b) => distance(this.next, a) - distance(this.next, b))
    this.next = first as number
    return this.following()
  }

  private following(): Uint8Array[] {
    const out: Uint8Array[] = []
    for (let more = true; more; ) {
      more = false
      for (const [sequence, payload] of this.waiting) {
        const ahead = distance(this.next, sequence)
        if (ahead > 0) continue
        this.waiting.delete(sequence)
        this.held -= payload.length
        more = true
        if (-ahead < payload.length) out.push(this.take(payload.subarray(-ahead)))
      }
    }
    return out
  }
}

/** How far `b` is ahead of `a`, modulo 2³². */
function distance(a: number, b: number): number {
  return (b - a) | 0
}

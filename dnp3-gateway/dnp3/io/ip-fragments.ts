/** Puts fragmented IP packets together again (RFC 791, RFC 8200 section 4.5), within limits. */

/** Datagrams that may wait for their fragments; the oldest makes room. */
const MAX_WAITING = 64
const MAX_OCTETS = 65_535

interface Waiting {
  readonly pieces: { readonly at: number; readonly bytes: Uint8Array }[]
  /** Octets in all; known once the last fragment has come. */
  total: number
}

export class IpFragments {
  private readonly waiting = new Map<string, Waiting>()
  /** Datagrams given up because fragments of theirs are not in the capture. */
  lost = 0

  /** Takes a fragment; returns the payload of the datagram that it completes, or null. */
  take(key: string, at: number, bytes: Uint8Array, isLast: boolean): Uint8Array | null {
    if (at + bytes.length > MAX_OCTETS) return null
    const datagram = this.waiting.get(key) ?? { pieces: [], total: -1 }
    if (!this.waiting.has(key)) this.open(key, datagram)
    datagram.pieces.push({ at, bytes })
    if (isLast) datagram.total = at + bytes.length
    const whole = join(datagram)
    if (whole !== null) this.waiting.delete(key)
    return whole
  }

  /** Datagrams that are incomplete. */
  get pending(): number {
    return this.waiting.size
  }

  private open(key: string, datagram: Waiting): void {
    if (this.waiting.size >= MAX_WAITING) {
      const [oldest] = this.waiting.keys()
      this.waiting.delete(oldest as string)
      this.lost++
    }
    this.waiting.set(key, datagram)
  }
}

function join({ pieces, total }: Waiting): Uint8Array | null {
  if (total < 0) return null
  const whole = new Uint8Array(total)
  let upTo = 0
  for (const { at, bytes } of pieces.toSorted((a, b) => a.at - b.at)) {
    if (at > upTo || at + bytes.length > total) return null
    whole.set(bytes, at)
    upTo = Math.max(upTo, at + bytes.length)
  }
  return upTo === total ? whole : null
}

/** How often the schedule checks which polls are due: polls start at multiples of this. Half of the shortest poll interval, 1 s. */
export const tickMs = 500

/** Polls per slot before the next slot is used: a small fleet is polled at once, a large one evenly over the interval. */
const slotSize = 25

export type PollKind = 'integrity' | 'event'

interface Slot {
  periodMs: number
  offsetMs: number
}

/**
 * When each hub is polled: an integrity poll at multiples of its interval plus the offset of its slot, an event poll half an interval
 * later. A hub keeps its slot for as long as it is assigned, so that its polls stay evenly spaced while others come and go.
 */
export class Schedule {
  readonly #slots = new Map<string, Slot>()
  /** Hubs by interval and offset, so that the due ones are found without checking every hub. */
  readonly #members = new Map<number, Map<number, Set<string>>>()
  /** How many hubs each offset has, by interval: one figure for each tick of the interval. */
  readonly #counts = new Map<number, Uint32Array>()

  set(hubId: string, integrityPollS: number): void {
    const periodMs = integrityPollS * 1000
    if (this.#slots.get(hubId)?.periodMs === periodMs) return
    this.remove(hubId)
    const slots = this.#members.get(periodMs) ?? new Map<number, Set<string>>()
    this.#members.set(periodMs, slots)
    const counts = this.#counts.get(periodMs) ?? new Uint32Array(periodMs / tickMs)
    this.#counts.set(periodMs, counts)
    const slot = freeSlot(counts)
    counts[slot] = (counts[slot] as number) + 1
    const offsetMs = slot * tickMs
    const members = slots.get(offsetMs) ?? new Set()
    slots.set(offsetMs, members.add(hubId))
    this.#slots.set(hubId, { periodMs, offsetMs })
  }

  remove(hubId: string): void {
    const slot = this.#slots.get(hubId)
    if (!slot) return
    this.#members.get(slot.periodMs)?.get(slot.offsetMs)?.delete(hubId)
    const counts = this.#counts.get(slot.periodMs)
    if (counts) counts[slot.offsetMs / tickMs] = (counts[slot.offsetMs / tickMs] as number) - 1
    this.#slots.delete(hubId)
  }

  /** The polls due at an instant, which is a multiple of `tickMs`. */
  *due(atMs: number): Generator<[hubId: string, kind: PollKind]> {
    for (const [periodMs, slots] of this.#members) {
      const phaseMs = atMs % periodMs
      for (const hubId of slots.get(phaseMs) ?? []) yield [hubId, 'integrity']
      for (const hubId of slots.get((phaseMs + periodMs / 2) % periodMs) ?? []) yield [hubId, 'event']
    }
  }
}

/**
 * The first slot with room. If all are full, one at whose ticks the fewest polls start: a tick has the integrity polls of its own slot and
 * the event polls of the slot half an interval before. Among equals it is the one with the fewest integrity polls, which carry the most.
 */
function freeSlot(counts: Uint32Array): number {
  const half = counts.length / 2
  let best = 0
  let fewest = Number.POSITIVE_INFINITY
  for (let slot = 0; slot < counts.length; slot++) {
    const own = counts[slot] as number
    const polls = own + (counts[(slot + half) % counts.length] as number)
    if (polls < slotSize && slot < half) return slot
    // Both in one figure: the polls decide, then the integrity polls among them.
    const weight = polls * 2 ** 20 + own
    if (weight < fewest) [best, fewest] = [slot, weight]
  }
  return best
}

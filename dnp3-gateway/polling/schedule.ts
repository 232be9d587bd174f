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

  set(hubId: string, integrityPollS: number): void {
    const periodMs = integrityPollS * 1000
    if (this.#slots.get(hubId)?.periodMs === periodMs) return
    this.remove(hubId)
    const slots = this.#members.get(periodMs) ?? new Map<number, Set<string>>()
    this.#members.set(periodMs, slots)
    const offsetMs = freeOffset(slots, periodMs / 2)
    const members = slots.get(offsetMs) ?? new Set()
    slots.set(offsetMs, members.add(hubId))
    this.#slots.set(hubId, { periodMs, offsetMs })
  }

  remove(hubId: string): void {
    const slot = this.#slots.get(hubId)
    if (!slot) return
    this.#members.get(slot.periodMs)?.get(slot.offsetMs)?.delete(hubId)
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

/** The first slot with room; if all are full, the emptiest. Slots end where the event polls of the first slot begin. */
function freeOffset(slots: ReadonlyMap<number, ReadonlySet<string>>, halfMs: number): number {
  let best = 0
  let fewest = Number.POSITIVE_INFINITY
  for (let offsetMs = 0; offsetMs < halfMs; offsetMs += tickMs) {
    const members = slots.get(offsetMs)?.size ?? 0
    if (members < slotSize) return offsetMs
    if (members < fewest) [best, fewest] = [offsetMs, members]
  }
  return best
}

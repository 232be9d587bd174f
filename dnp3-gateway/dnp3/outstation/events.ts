/** Event buffers, bounded per class (IEEE 1815-2012 clause 5.1.1): events stay until they are confirmed. */

/** `waiting` in the buffer, `selected` for the response in progress, `sent` in its last fragment. */
export type EventState = 'waiting' | 'selected' | 'sent'

export interface EventRecord {
  /** Group in which it is reported. */
  readonly group: number
  readonly index: number
  readonly value: number
  readonly flags: number
  readonly timeMs: number
  readonly octets: Uint8Array | null
  readonly eventClass: 1 | 2 | 3
  /** The point's own event variation. */
  readonly variation: number
  state: EventState
  /** The requested variation, 0 for the point's own. */
  askedVariation: number
}

/** An event that a master has confirmed. */
export type ConfirmedEvent = Pick<EventRecord, 'group' | 'index' | 'value' | 'flags' | 'timeMs'>

export interface EventCounters {
  created: number
  /** Lost because the class was full. */
  discarded: number
  confirmed: number
}

export class EventBuffers {
  readonly counters: EventCounters = { created: 0, discarded: 0, confirmed: 0 }
  /** Set by a loss, cleared once a confirm has made room. */
  overflow = false
  /** Called when an event has been added. */
  onAdded: () => void = () => {}
  /** Called with each event that a confirm removes. */
  onConfirmed: (event: ConfirmedEvent) => void = () => {}
  private readonly limit: number
  private readonly classes: Readonly<Record<1 | 2 | 3, EventRecord[]>> = { 1: [], 2: [], 3: [] }

  constructor(limitPerClass: number) {
    this.limit = limitPerClass
  }

  /** Adds an event; in a full class the oldest is dropped. */
  add(record: EventRecord): void {
    const queue = this.classes[record.eventClass]
    this.counters.created++
    if (queue.length >= this.limit) {
      queue.shift()
      this.counters.discarded++
      this.overflow = true
    }
    queue.push(record)
    this.onAdded()
  }

  /** Selects up to `limit` waiting events that fit, oldest first within each class, and appends them to `into`. */
  select(
    into: EventRecord[],
    classes: readonly (1 | 2 | 3)[],
    limit: number,
    group: number | null = null,
    variation = 0,
  ): void {
    let room = limit
    for (const eventClass of classes) {
      for (const event of this.classes[eventClass]) {
        if (room === 0) return
        if (event.state !== 'waiting' || (group !== null && event.group !== group)) continue
        event.state = 'selected'
        event.askedVariation = variation
        into.push(event)
        room--
      }
    }
  }

  /** Removes the sent events; returns how many. */
  confirmSent(): number {
    const before = this.size()
    for (const eventClass of ALL_CLASSES) {
      const queue = this.classes[eventClass]
      let kept = 0
      for (const event of queue) {
        if (event.state === 'sent') this.onConfirmed(event)
        else queue[kept++] = event
      }
      queue.length = kept
    }
    const removed = before - this.size()
    this.counters.confirmed += removed
    if (removed > 0) this.overflow = false
    return removed
  }

  /** Returns all selected and sent events to waiting: the response was given up. */
  release(): void {
    for (const eventClass of ALL_CLASSES) for (const event of this.classes[eventClass]) event.state = 'waiting'
  }

  /** Returns selected events that did not fit to waiting. */
  unselect(): void {
    for (const eventClass of ALL_CLASSES) {
      for (const event of this.classes[eventClass]) if (event.state === 'selected') event.state = 'waiting'
    }
  }

  /** Whether a class has events that are not in the response in progress. */
  hasWaiting(eventClass: 1 | 2 | 3): boolean {
    for (const event of this.classes[eventClass]) if (event.state === 'waiting') return true
    return false
  }

  size(): number {
    return this.classes[1].length + this.classes[2].length + this.classes[3].length
  }

  clear(): void {
    for (const eventClass of ALL_CLASSES) this.classes[eventClass].length = 0
    this.overflow = false
  }
}

export const ALL_CLASSES = [1, 2, 3] as const

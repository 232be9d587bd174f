import type { Instant } from '@js-joda/core'

/** What happens on the way to charge points that somebody may have to be told of. */
export interface RouteEvent {
  kind: 'foreign-limit-began' | 'foreign-limit-ended' | 'controller-failed-over' | 'route-lost' | 'route-back'
  depotId: string
  /** The charge point; `null`: the whole depot. */
  identity: string | null
  connector: number | null
  at: Instant
  sentence: string
}

/** The port at which alarms and others hear of what happens on the way to charge points. */
export class RouteEvents {
  readonly #listeners = new Set<(event: RouteEvent) => void>()

  /** @returns what ends the listening. */
  onEvent(listener: (event: RouteEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  emit(event: RouteEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}

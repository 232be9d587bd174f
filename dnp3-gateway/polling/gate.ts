/** Connection attempts per tick, so that neither the hubs nor the network are flooded, however many hubs there are (FM26). */
const connectionsPerTick = 250

/**
 * Lets a limited number of connection attempts through per tick, in order of arrival: at the start, and when thousands of hubs
 * are lost and called again at once.
 */
export class Gate {
  readonly #waiting = new Set<() => void>()
  #left = connectionsPerTick

  /** Starts an attempt now or, if this tick's quota is used up, in a later tick. Returns how to cancel it. */
  enter(begin: () => void): () => void {
    const once = () => begin()
    this.#waiting.add(once)
    this.#admit()
    return () => this.#waiting.delete(once)
  }

  /** Begins the next tick: waiting attempts use what is left of the last quota first. */
  tick(): void {
    this.#admit()
    this.#left = connectionsPerTick
  }

  #admit(): void {
    for (const begin of this.#waiting) {
      if (this.#left === 0) return
      this.#left--
      this.#waiting.delete(begin)
      begin()
    }
  }
}

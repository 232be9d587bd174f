/** Connections that are begun from one tick to the next: however many hubs there are, neither they nor the network are flooded (FM26). */
const connectionsPerTick = 250

/**
 * Lets attempts to connect through, a few in each tick and in the order in which they came: at the start, and when thousands of hubs
 * are lost and wanted back at once.
 */
export class Gate {
  readonly #waiting = new Set<() => void>()
  #left = connectionsPerTick

  /** Begins an attempt now or, when enough have been begun, in a later tick. Answers how to take it back. */
  enter(begin: () => void): () => void {
    const once = () => begin()
    this.#waiting.add(once)
    this.#admit()
    return () => this.#waiting.delete(once)
  }

  /** What is left of the time since the last tick; then the next begins. */
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

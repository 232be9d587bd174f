/** How many points to remember as reported. Beyond that a hub's points are only counted: it could name 2³² of them. */
const remembered = 1_000

/** How many points to name to the server: enough to see what the map lacks. */
const named = 20

/** Points in a hub's answers that are not in its map: each is reported once, and every occurrence is counted. */
export class UnmappedPoints {
  readonly #known = new Set<string>()
  #found: string[] = []
  #total = 0

  note(group: number, index: number): void {
    this.#total++
    if (this.#known.size >= remembered) return
    const point = `g${group}:${index}`
    if (this.#known.has(point)) return
    this.#known.add(point)
    this.#found.push(point)
  }

  /** Points not reported before, such as `g30:77`, and the count of all occurrences so far. */
  takeNew(): { found: string[]; total: number } {
    const found = this.#found
    if (found.length > 0) this.#found = []
    return { found, total: this.#total }
  }
  /** The first points found, to help correct the map. */
  get names(): string[] {
    return [...this.#known.keys()].slice(0, named)
  }

  /** The map has changed: points still missing from it are reported again. */
  forget(): void {
    this.#known.clear()
    this.#found = []
  }
}

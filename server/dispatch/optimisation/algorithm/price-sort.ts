/** Shorter runs are sorted by insertion, which is fastest while they fit into the nearest cache. */
const longestInsertion = 10
/** A fuller bucket makes insertion slow: the run is then sorted by comparison. */
const fullestBucket = 24

/**
 * Sorts parts of a list of numbers by price; equal prices keep their order. A long part is split into as many buckets as it has numbers, by
 * equal steps of price, and finished by insertion: linear for spread prices, n log n for crowded ones.
 */
export class PriceSorter {
  readonly #keys: Float64Array
  readonly #numbers: Int32Array
  readonly #dealtKeys: Float64Array
  readonly #dealt: Int32Array
  readonly #buckets: Int32Array
  readonly #ends: Int32Array

  /**
   * @param keys prices, moved together with `numbers`.
   * @param longest length of the longest part that will be sorted.
   */
  constructor(keys: Float64Array, numbers: Int32Array, longest: number) {
    this.#keys = keys
    this.#numbers = numbers
    this.#dealtKeys = new Float64Array(longest)
    this.#dealt = new Int32Array(longest)
    this.#buckets = new Int32Array(longest)
    this.#ends = new Int32Array(longest + 1)
  }

  sort(from: number, end: number): void {
    if (end - from > longestInsertion && !this.#deal(from, end)) this.#compare(from, end)
    else this.#insert(from, end)
  }

  #insert(from: number, end: number): void {
    const keys = this.#keys
    const numbers = this.#numbers
    for (let i = from + 1; i < end; i++) {
      const key = keys[i] as number
      let at = i - 1
      if ((keys[at] as number) <= key) continue
      const number = numbers[i] as number
      for (; at >= from && (keys[at] as number) > key; at--) {
        keys[at + 1] = keys[at] as number
        numbers[at + 1] = numbers[at] as number
      }
      keys[at + 1] = key
      numbers[at + 1] = number
    }
  }

  /** Splits a part into buckets. `false`, with nothing changed, if one would be too full. */
  #deal(from: number, end: number): boolean {
    const keys = this.#keys
    const numbers = this.#numbers
    const ends = this.#ends
    const buckets = this.#buckets
    const count = end - from
    let least = Infinity
    let most = -Infinity
    for (let i = from; i < end; i++) {
      const key = keys[i] as number
      least = Math.min(least, key)
      most = Math.max(most, key)
    }
    if (least === most) return true
    // Multiplication preserves order even when it rounds: no price lands before the bucket of a lower one.
    const scale = (count - 1) / (most - least)
    for (let b = 0; b <= count; b++) ends[b] = 0
    let fullest = 0
    for (let i = 0; i < count; i++) {
      const bucket = (((keys[from + i] as number) - least) * scale) | 0
      buckets[i] = bucket
      const size = (ends[bucket + 1] as number) + 1
      ends[bucket + 1] = size
      fullest = Math.max(fullest, size)
    }
    if (fullest > fullestBucket) return this.#isOrdered(from, end)
    for (let b = 1; b <= count; b++) ends[b] = (ends[b] as number) + (ends[b - 1] as number)
    const dealtKeys = this.#dealtKeys
    const dealt = this.#dealt
    for (let i = 0; i < count; i++) {
      const bucket = buckets[i] as number
      const at = ends[bucket] as number
      ends[bucket] = at + 1
      dealtKeys[at] = keys[from + i] as number
      dealt[at] = numbers[from + i] as number
    }
    for (let i = 0; i < count; i++) {
      keys[from + i] = dealtKeys[i] as number
      numbers[from + i] = dealt[i] as number
    }
    return true
  }

  #isOrdered(from: number, end: number): boolean {
    const keys = this.#keys
    for (let i = from + 1; i < end; i++) if ((keys[i - 1] as number) > (keys[i] as number)) return false
    return true
  }

  #compare(from: number, end: number): void {
    const keys = this.#keys
    const numbers = this.#numbers
    const places = Array.from({ length: end - from }, (_, i) => from + i)
    places.sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b)
    const [sortedKeys, sorted] = [places.map((i) => keys[i] as number), places.map((i) => numbers[i] as number)]
    keys.set(sortedKeys, from)
    numbers.set(sorted, from)
  }
}

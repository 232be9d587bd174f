/** No node. */
const none = -1

/**
 * A family of pairing heaps over the elements 0 … n−1, each of which is in one heap at most. Melding takes constant time and taking
 * the least element amortised O(log n) (Fredman, Sedgewick, Sleator, Tarjan 1986), which is what a walk up a tree of heaps wants.
 * A heap is known by its root, the least element in it; −1 is the empty heap.
 */
export class PairingHeaps {
  readonly #child: Int32Array
  readonly #sibling: Int32Array
  readonly #keys: Float64Array
  readonly #ranks: Int32Array

  /**
   * @param keys by which elements are ordered; read when heaps are melded.
   * @param ranks settle ties, so that the order never depends on the melding.
   */
  constructor(keys: Float64Array, ranks: Int32Array) {
    this.#keys = keys
    this.#ranks = ranks
    this.#child = new Int32Array(keys.length)
    this.#sibling = new Int32Array(keys.length)
  }

  /** Puts an element, which may have been in a heap that is done with, on a heap. */
  add(root: number, element: number): number {
    this.#child[element] = none
    this.#sibling[element] = none
    return this.meld(root, element)
  }

  /** Joins two heaps into one; both roots are spent. */
  meld(a: number, b: number): number {
    if (a === none) return b
    if (b === none) return a
    const keyA = this.#keys[a] as number
    const keyB = this.#keys[b] as number
    const isFirst = keyA < keyB || (keyA === keyB && (this.#ranks[a] as number) < (this.#ranks[b] as number))
    const parent = isFirst ? a : b
    const child = isFirst ? b : a
    this.#sibling[child] = this.#child[parent] as number
    this.#child[parent] = child
    return parent
  }

  /** Takes the root out of its heap. */
  removeRoot(root: number): number {
    // Two passes: pairs from the left, then all of them together from the right.
    const sibling = this.#sibling
    let pairs = none
    for (let at = this.#child[root] as number; at !== none; ) {
      const second = sibling[at] as number
      const next = second === none ? none : (sibling[second] as number)
      const pair = this.meld(at, second)
      sibling[pair] = pairs
      pairs = pair
      at = next
    }
    let rest = none
    for (let at = pairs; at !== none; ) {
      const next = sibling[at] as number
      rest = this.meld(rest, at)
      at = next
    }
    return rest
  }
}

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

  /** @param keys read when heaps are melded; ties go to the lower element, so that the order never depends on the melding. */
  constructor(keys: Float64Array) {
    this.#keys = keys
    this.#child = new Int32Array(keys.length).fill(none)
    this.#sibling = new Int32Array(keys.length).fill(none)
  }

  /** Takes all heaps apart. */
  reset(): void {
    this.#child.fill(none)
    this.#sibling.fill(none)
  }

  /** Joins two heaps into one; both roots are spent. */
  meld(a: number, b: number): number {
    if (a === none) return b
    if (b === none) return a
    const [keyA, keyB] = [this.#keys[a] as number, this.#keys[b] as number]
    const isFirst = keyA < keyB || (keyA === keyB && a < b)
    return isFirst ? this.#adopt(a, b) : this.#adopt(b, a)
  }

  /** Takes the root out of its heap. */
  removeRoot(root: number): number {
    // Two passes: pairs from the left, then all of them together from the right.
    let pairs = none
    for (let at = this.#child[root] as number; at !== none; ) {
      const second = this.#sibling[at] as number
      const next = second === none ? none : (this.#sibling[second] as number)
      this.#sibling[at] = none
      if (second !== none) this.#sibling[second] = none
      const pair = this.meld(at, second)
      this.#sibling[pair] = pairs
      pairs = pair
      at = next
    }
    let rest = none
    for (let at = pairs; at !== none; ) {
      const next = this.#sibling[at] as number
      this.#sibling[at] = none
      rest = this.meld(rest, at)
      at = next
    }
    this.#child[root] = none
    return rest
  }

  #adopt(parent: number, child: number): number {
    this.#sibling[child] = this.#child[parent] as number
    this.#child[parent] = child
    return parent
  }
}

import type { Product } from '../../../../schemas/vocabulary/units.ts'

/** What contracts settled before have of an FU in a quarter-hour. */
export interface Elsewhere {
  /** Turn-down whose availability they are paid, W. */
  availableW: number
  /** Delivery that they are paid for, as metered, Wh. */
  turnedDownWh: number
  /** Whether one of them is for the same product, so that the product's instruction is its own. */
  hasInstruction: boolean
}

export const nothingElsewhere: Elsewhere = { availableW: 0, turnedDownWh: 0, hasInstruction: false }

interface Claimed {
  availableW: number
  turnedDownWh: number
  products: Set<Product>
}

/**
 * What the contracts of one FU are paid for, by epoch ms of the quarter-hour. An instruction belongs to the contract of its FU, its product
 * and its window, to the earliest awarded of several; the same watt is never paid twice in the same second (domain section 12).
 */
export class Claims {
  readonly #quarters = new Map<number, Claimed>()

  of(q: number, product: Product): Elsewhere {
    const found = this.#quarters.get(q)
    if (!found) return nothingElsewhere
    const { availableW, turnedDownWh, products } = found
    return { availableW, turnedDownWh, hasInstruction: products.has(product) }
  }

  add(q: number, product: Product, paid: { availableW: number; turnedDownWh: number }): void {
    const found = this.#quarters.get(q) ?? { availableW: 0, turnedDownWh: 0, products: new Set() }
    found.availableW += paid.availableW
    found.turnedDownWh += paid.turnedDownWh
    found.products.add(product)
    this.#quarters.set(q, found)
  }
}

import { CholeskyDecomposition, Matrix } from 'ml-matrix'

/**
 * Weighted sums of rows (x, y): all that a ridge regression needs of them. Sums of parts add and subtract, so that a model without some
 * days costs one solution instead of another pass over the history.
 */
export class Moments {
  readonly width: number
  weight = 0
  readonly sumX: Float64Array
  sumY = 0
  /** Lower triangle of Σ w·x·xᵀ by rows. */
  readonly squares: Float64Array
  readonly products: Float64Array

  constructor(width: number) {
    this.width = width
    this.sumX = new Float64Array(width)
    this.squares = new Float64Array(width * width)
    this.products = new Float64Array(width)
  }

  /** Adds a row that begins at `offset` of `rows`. */
  add(rows: Float64Array, offset: number, y: number, weight: number): void {
    const { width, sumX, squares, products } = this
    this.weight += weight
    this.sumY += weight * y
    for (let i = 0; i < width; i++) {
      const scaled = weight * (rows[offset + i] as number)
      if (scaled === 0) continue
      sumX[i] = (sumX[i] as number) + scaled
      products[i] = (products[i] as number) + scaled * y
      const start = i * width
      for (let j = 0; j <= i; j++)
        squares[start + j] = (squares[start + j] as number) + scaled * (rows[offset + j] as number)
    }
  }

  /** These sums with those of `other` added (`sign` 1) or taken away (−1). */
  with(other: Moments, sign: 1 | -1): Moments {
    const sum = new Moments(this.width)
    sum.weight = this.weight + sign * other.weight
    sum.sumY = this.sumY + sign * other.sumY
    for (const part of ['sumX', 'squares', 'products'] as const)
      for (let i = 0; i < sum[part].length; i++)
        sum[part][i] = (this[part][i] as number) + sign * (other[part][i] as number)
    return sum
  }
}

/** A linear model: `constant` + Σ `slopes`·x. */
export interface Linear {
  constant: number
  slopes: Float64Array
}

/** Spread, relative to the size of the values, below which a column counts as constant. */
const leastSpread = 1e-9

/**
 * The ridge regression of rows: least squares with slopes of standardised columns held small, so that columns that say the same thing
 * share the slope. @param ridge weight of the squared slopes, in rows.
 */
export function ridgeOf(moments: Moments, ridge: number): Linear {
  const { width, weight, sumX, sumY, squares, products } = moments
  const means = Float64Array.from(sumX, (sum) => sum / weight)
  const meanY = sumY / weight
  const spreads = Float64Array.from(means, (mean, i) => {
    const square = (squares[i * width + i] as number) / weight
    const variance = square - mean * mean
    return variance > leastSpread * Math.max(square, leastSpread) ? Math.sqrt(variance) : 0
  })
  const used = [...spreads.keys()].filter((i) => (spreads[i] as number) > 0)
  if (used.length === 0) return { constant: meanY, slopes: new Float64Array(width) }
  const system = new Matrix(used.length, used.length)
  const right = new Matrix(used.length, 1)
  for (const [row, i] of used.entries()) {
    for (const [column, j] of used.slice(0, row + 1).entries()) {
      const covariance = (squares[i * width + j] as number) - weight * (means[i] as number) * (means[j] as number)
      const value = covariance / ((spreads[i] as number) * (spreads[j] as number)) + (i === j ? ridge : 0)
      system.set(row, column, value)
      system.set(column, row, value)
    }
    right.set(row, 0, ((products[i] as number) - (means[i] as number) * sumY) / (spreads[i] as number))
  }
  const solved = new CholeskyDecomposition(system).solve(right)
  const slopes = new Float64Array(width)
  let constant = meanY
  for (const [row, i] of used.entries()) {
    slopes[i] = solved.get(row, 0) / (spreads[i] as number)
    constant -= (slopes[i] as number) * (means[i] as number)
  }
  return { constant, slopes }
}

/** What a model says of a row that begins at `offset`. */
export function linearValue({ constant, slopes }: Linear, rows: Float64Array, offset: number): number {
  let sum = constant
  for (let i = 0; i < slopes.length; i++) sum += (slopes[i] as number) * (rows[offset + i] as number)
  return sum
}

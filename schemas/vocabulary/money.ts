import { Decimal } from 'decimal.js'

/**
 * Exact decimal arithmetic for prices and amounts. Binary floating point never touches money: energy and power arrive as
 * numbers of W and Wh, are converted to decimals by their shortest representation, and only then priced.
 */
export const Money = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_EVEN, toExpNeg: -30, toExpPos: 30 })
export type Money = Decimal

/** Rounds once, half-even, to the penny (domain section 2). */
export function toPence(amount: Money): Money {
  return amount.toDecimalPlaces(2, Decimal.ROUND_HALF_EVEN)
}

/** An amount as an API or a file writes it: `"-12.30"`. Negative zero is zero. */
export function formatGbp(amount: Money): string {
  const rounded = toPence(amount)
  return (rounded.isZero() ? new Money(0) : rounded).toFixed(2)
}

/** The exact sum of amounts given as decimal strings. */
export function sumGbp(amounts: Iterable<string>): string {
  let total = new Money(0)
  for (const amount of amounts) total = total.plus(amount)
  return formatGbp(total)
}

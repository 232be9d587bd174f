import type { PaymentScheme, SettlementTerms } from '../../../../schemas/settlement/statements.ts'
import { formatGbp, Money } from '../../../../schemas/vocabulary/money.ts'
import type { LineRow } from './line.ts'

/** Totals of a statement's lines. */
export class Tally {
  lines = 0
  /** Periods due, with or without a line in a delta. */
  periods = 0
  private total = new Money(0)
  private delivered = new Money(0)
  private readonly methods = new Set<SettlementTerms['baselineMethod']>()
  private readonly schemes = new Map<string, PaymentScheme>()

  add(full: readonly LineRow[], lines: readonly LineRow[]): void {
    this.periods += full.length
    this.lines += lines.length
    for (const terms of new Set(full.map((line) => line.terms))) {
      this.methods.add(terms.baselineMethod)
      this.schemes.set(JSON.stringify(terms.scheme), terms.scheme)
    }
    for (const { amountGbp, deliveredWh } of lines) {
      if (amountGbp !== '0.00') this.total = this.total.plus(amountGbp)
      if (deliveredWh !== 0) this.delivered = this.delivered.plus(deliveredWh)
    }
  }

  head() {
    const [[method], [scheme]] = [this.methods, this.schemes.values()]
    return {
      lineCount: this.lines,
      deliveredWh: this.delivered.toNumber(),
      totalGbp: formatGbp(this.total),
      baselineMethod: this.methods.size === 1 && method ? method : ('mixed' as const),
      scheme: this.schemes.size === 1 && scheme ? scheme : null,
    }
  }
}

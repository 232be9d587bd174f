import type { LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { Money } from '../../../../schemas/vocabulary/money.ts'
import { dayEnd, dayStart, periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { type Direction, directionOf, type Product } from '../../../../schemas/vocabulary/units.ts'
import { instructedPeriods } from '../../../dispatch/index.ts'
import { listContracts } from '../../../market/index.ts'
import { defaultTerms, settlePeriod, termsOfContracts } from '../../payments/index.ts'
import { Claims } from './claims.ts'
import { byAward } from './contracted.ts'
import { loadMonth, type MonthInputs } from './inputs.ts'
import { type Payee, periodInputs } from './line.ts'
import { dayBaseline } from './month-rules.ts'

/**
 * What FUs turned down, or as a negative figure up, in a day's quarter-hours, W by FU and instant, as settlement will see it: each product's turn-down by the contract
 * for it whose window covers the quarter-hour, up to the agreed limit, and nothing while out of service. Turn-down instructed outside every
 * window is assessed by the default terms. The dispatch board calls this on each read, so it reads only FUs with an instruction that day,
 * all at once.
 */
export async function deliveredOn(
  tx: Queryable,
  day: LocalDate,
  fuIds: string[],
): Promise<Map<string, Map<string, number>>> {
  // An instruction may have begun the evening before.
  const periods = await instructedPeriods(tx, { fuIds, from: dayStart(day.minusDays(1)), to: dayEnd(day) })
  const today = periods.filter((p) => p.acknowledgedAt && p.turnDownW !== 0 && p.toAt.isAfter(dayStart(day)))
  const instructed = [...new Set(today.map((p) => p.fuId))]
  if (instructed.length === 0) return new Map()
  const contracts = await listContracts(tx, { from: day, to: day, fuIds: instructed })
  const terms = await termsOfContracts(
    tx,
    contracts.map((c) => c.contractId),
  )
  const inputs = await loadMonth(tx, dayEnd(day), instructed, day, day, { withNominations: true })
  const byFu = Map.groupBy(contracts.toSorted(byAward), (contract) => contract.fuId)
  const products = Map.groupBy(today, (p) => p.fuId)
  return new Map(
    instructed.map((fuId) => {
      // In which direction a product was instructed; without a contract nothing else says it.
      const own = new Map((products.get(fuId) ?? []).map((p) => [p.product, directionOf(p.turnDownW)]))
      return [fuId, deliveredBy(fuId, day, own, byFu.get(fuId) ?? [], terms, inputs)]
    }),
  )
}

/** Mean over a quarter-hour, W; of a turn-up negative. */
function watts(way: Direction, energyWh: Money): number {
  const w = energyWh.times(4).toNumber()
  return way === 'turn-up' && w !== 0 ? -w : w
}

function deliveredBy(
  fuId: string,
  day: LocalDate,
  products: ReadonlyMap<Product, Direction>,
  contracts: readonly Contract[],
  terms: Awaited<ReturnType<typeof termsOfContracts>>,
  inputs: MonthInputs,
): Map<string, number> {
  const history = inputs.histories.get(fuId)
  const delivered = new Map<string, number>()
  if (!history) return delivered
  const claims = new Claims()
  for (const fromAt of periodStarts(day, 'PT15M')) {
    const q = fromAt.toEpochMilli()
    const covering = contracts.filter((c) => inputs.contracted(c, day).some((start) => start.equals(fromAt)))
    const uncovered = [...products].filter(([product]) => covering.every((c) => c.product !== product))
    const payees: (Payee & { contractId?: string })[] = [
      ...covering,
      ...uncovered.map(([product, direction]) => ({ fuId, product, direction, turnDownW: 0 })),
    ]
    for (const payee of payees) {
      const own = terms.get(payee.contractId ?? '') ?? defaultTerms
      const baseline = dayBaseline(history, own, day, inputs.ders(fuId, day))
      const period = { fromAt, baseline, isOverdue: false, elsewhere: claims.of(q, payee.product) }
      const given = periodInputs(payee, own, inputs, period)
      if (!given.acceptedWh || given.baselineWh === null || given.meteredWh === null) continue
      // Amounts are not used here, so the prices are zero.
      const free = { accuracyFactor: 1, availability: '0', utilisation: '0' }
      const { turnedDownWh, deliveredWh } = settlePeriod(own.scheme, { ...given, ...free })
      claims.add(q, payee.product, { availableW: 0, turnedDownWh: turnedDownWh.toNumber() })
      delivered.set(fromAt.toString(), (delivered.get(fromAt.toString()) ?? 0) + watts(payee.direction, deliveredWh))
    }
  }
  return delivered
}

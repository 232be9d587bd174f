import type { LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { dayEnd, dayStart } from '../../../schemas/time.ts'
import { instructedPeriods } from '../../dispatch/index.ts'
import { listContracts, listFlexibleUnits } from '../../market/index.ts'
import { openBooks } from '../baselines/index.ts'
import { defaultTerms, termsOfContracts } from '../payments/index.ts'
import { dayBaseline } from './month-rules.ts'

/**
 * What a day's quarter-hours of FUs were turned down by: baseline less meter, between 0 and what was instructed; W by FU and instant.
 * The dispatch board asks on each read, so only FUs with an instruction of the day are looked at, all at once.
 */
export async function deliveredOn(
  tx: Queryable,
  day: LocalDate,
  fuIds: string[],
): Promise<Map<string, Map<string, number>>> {
  const periods = await instructedPeriods(tx, { fuIds, from: dayStart(day), to: dayEnd(day) })
  const instructed = [...new Set(periods.filter((p) => p.acknowledgedAt && p.turnDownW > 0).map((p) => p.fuId))]
  if (instructed.length === 0) return new Map()
  const contracts = (await listContracts(tx, { from: day, to: day })).filter((c) => instructed.includes(c.fuId))
  const termsById = await termsOfContracts(
    tx,
    contracts.map((c) => c.contractId),
  )
  const books = await openBooks(tx, instructed, day, day, { withNominations: termsById.size > 0 })
  const units = new Map(
    (await listFlexibleUnits(tx, dayEnd(day), { fuIds: instructed })).map((unit) => [unit.fuId, unit.derIds.length]),
  )
  const delivered = new Map<string, Map<string, number>>()
  for (const [fuId, book] of books) {
    const contract = contracts.find((c) => c.fuId === fuId)
    const terms = termsById.get(contract?.contractId ?? '') ?? defaultTerms
    const baseline = dayBaseline(book, terms, day, units.get(fuId) ?? 0)
    const own = new Map<string, number>()
    for (const period of periods) {
      const q = period.fromAt.toEpochMilli()
      const [expectedWh, meteredWh] = [baseline.energyWh.get(q), baseline.meteredWh.get(q)]
      const turnDownW = book.instructedW.get(q) ?? 0
      if (period.fuId !== fuId || turnDownW === 0 || expectedWh === undefined || meteredWh === undefined) continue
      own.set(period.fromAt.toString(), Math.min(Math.max((expectedWh - meteredWh) * 4, 0), turnDownW))
    }
    delivered.set(fuId, own)
  }
  return delivered
}

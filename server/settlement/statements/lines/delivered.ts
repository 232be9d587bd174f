import type { LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import { dayEnd, dayStart, periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { instructedPeriods } from '../../../dispatch/index.ts'
import { listContracts } from '../../../market/index.ts'
import { defaultTerms, settlePeriod, termsOfContracts } from '../../payments/index.ts'
import { loadMonth, type MonthInputs } from './inputs.ts'
import { periodInputs } from './lines.ts'
import { dayBaseline } from './month-rules.ts'

/**
 * What FUs turned down in a day's quarter-hours, W by FU and instant, as settlement will see it: by the contract whose window covers the
 * quarter-hour, up to the agreed limit, and nothing while out of service. Turn-down instructed outside every window is assessed by the
 * default terms. The dispatch board calls this on each read, so it reads only FUs with an instruction that day, all at once.
 */
export async function deliveredOn(
  tx: Queryable,
  day: LocalDate,
  fuIds: string[],
): Promise<Map<string, Map<string, number>>> {
  const periods = await instructedPeriods(tx, { fuIds, from: dayStart(day), to: dayEnd(day) })
  const instructed = [...new Set(periods.filter((p) => p.acknowledgedAt && p.turnDownW > 0).map((p) => p.fuId))]
  if (instructed.length === 0) return new Map()
  const contracts = await listContracts(tx, { from: day, to: day, fuIds: instructed })
  const terms = await termsOfContracts(
    tx,
    contracts.map((c) => c.contractId),
  )
  const inputs = await loadMonth(tx, dayEnd(day), instructed, day, day, { withNominations: true })
  const byFu = Map.groupBy(contracts, (contract) => contract.fuId)
  return new Map(instructed.map((fuId) => [fuId, deliveredBy(fuId, day, byFu.get(fuId) ?? [], terms, inputs)]))
}

function deliveredBy(
  fuId: string,
  day: LocalDate,
  contracts: Contract[],
  terms: Awaited<ReturnType<typeof termsOfContracts>>,
  inputs: MonthInputs,
): Map<string, number> {
  const history = inputs.histories.get(fuId)
  const covering = new Map(
    contracts.flatMap((contract) => inputs.contracted(contract, day).map((start) => [start.toEpochMilli(), contract])),
  )
  const delivered = new Map<string, number>()
  for (const from of periodStarts(day, 'PT15M')) {
    const turnDownW = history?.instructedW.get(from.toEpochMilli()) ?? 0
    if (!history || turnDownW === 0) continue
    const own = terms.get(covering.get(from.toEpochMilli())?.contractId ?? '') ?? defaultTerms
    const baseline = dayBaseline(history, own, day, inputs.ders.get(fuId) ?? 0)
    const given = periodInputs(fuId, own, inputs, baseline, from)
    if (given.baselineWh === null || given.meteredWh === null) continue
    // Amounts are not used here, so the prices are zero.
    const free = { contractedW: turnDownW, accuracyFactor: 1, availability: '0', utilisation: '0' }
    delivered.set(
      from.toString(),
      settlePeriod(own.scheme, { ...given, ...free })
        .deliveredWh.times(4)
        .toNumber(),
    )
  }
  return delivered
}

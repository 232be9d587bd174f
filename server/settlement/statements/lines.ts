import { randomUUID } from 'node:crypto'
import type { Instant, LocalDate, YearMonth } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Contract } from '../../../schemas/market.ts'
import { dayEnd, dayStart } from '../../../schemas/time.ts'
import type { Product } from '../../../schemas/units.ts'
import { listInstructions } from '../../dispatch/index.ts'
import { contractedPeriods, listContracts, serviceAt, termOf } from '../../market/index.ts'
import { baselineOf } from '../baselines/index.ts'
import { type MeteredQuarter, meteredQuarters } from '../metering/index.ts'
import { defaultScheme, settlePeriod } from '../payments/index.ts'
import type { statementLine } from './tables.ts'

type LineRow = Omit<typeof statementLine.$inferInsert, 'statementId' | 'number'>

/** What the lines of one FSP, product and month are made of. */
interface MonthInputs {
  quarters: Map<string, Map<number, MeteredQuarter>>
  /** Turn-down accepted per FU and window start (epoch ms), W. */
  instructedW: Map<string, Map<number, number>>
}

/** The lines of a month: every contracted quarter-hour that has ended by `at`, in order of FU and time. Money is computed by the payment rules. */
export async function linesOf(
  tx: Queryable,
  at: Instant,
  fspId: string,
  product: Product,
  month: YearMonth,
): Promise<LineRow[]> {
  const [first, last] = [month.atDay(1), month.atEndOfMonth()]
  const contracts = await listContracts(tx, { fspId, product, from: first, to: last })
  const inputs = await loadInputs(tx, contracts, dayStart(first), dayEnd(last), product)
  const lines: LineRow[] = []
  for (const contract of contracts) {
    for (let day = first; !day.isAfter(last); day = day.plusDays(1))
      lines.push(...(await linesOfDay(tx, contract, day, at, inputs)))
  }
  return lines.sort((a, b) => (a.fuName < b.fuName ? -1 : a.fuName > b.fuName ? 1 : a.fromAt.compareTo(b.fromAt)))
}

async function loadInputs(
  tx: Queryable,
  contracts: Contract[],
  from: Instant,
  to: Instant,
  product: Product,
): Promise<MonthInputs> {
  const fuIds = [...new Set(contracts.map((c) => c.fuId))]
  const instructedW = new Map<string, Map<number, number>>(fuIds.map((fuId) => [fuId, new Map()]))
  for (const row of await listInstructions(tx, { product, from, to })) {
    if (row.acknowledgedAt !== null) instructedW.get(row.fuId)?.set(row.fromAt.toEpochMilli(), row.turnDownW)
  }
  return { quarters: await meteredQuarters(tx, fuIds, from, to), instructedW }
}

async function linesOfDay(
  tx: Queryable,
  contract: Contract,
  day: LocalDate,
  at: Instant,
  inputs: MonthInputs,
): Promise<LineRow[]> {
  const starts = contractedPeriods(termOf(contract), day).filter((start) => !start.plusSeconds(900).isAfter(at))
  if (starts.length === 0) return []
  const baseline = await baselineOf(tx, contract.fuId, day)
  const lines: LineRow[] = []
  for (const fromAt of starts) {
    const q = fromAt.toEpochMilli()
    const metered = inputs.quarters.get(contract.fuId)?.get(q)
    const given = {
      contractedW: contract.turnDownW,
      instructedW: inputs.instructedW.get(contract.fuId)?.get(q) ?? null,
      baselineWh: baseline?.energyWh.get(q) ?? null,
      meteredWh: metered?.energyWh ?? null,
      inService: (await serviceAt(tx, fromAt, [contract.fuId])).get(contract.fuId) ?? true,
      availability: contract.availabilityGbpPerMwH,
      utilisation: contract.utilisationGbpPerMwh,
    }
    const settled = settlePeriod(defaultScheme, given)
    lines.push({
      lineId: randomUUID(),
      fuId: contract.fuId,
      fuName: contract.fuName,
      fromAt,
      toAt: fromAt.plusSeconds(900),
      ...given,
      deliveredWh: settled.deliveredWh.toNumber(),
      deliveryRatio: settled.ratio?.toNumber() ?? null,
      performanceFactor: settled.factor.toNumber(),
      availabilityGbp: settled.availabilityGbp.toString(),
      utilisationGbp: settled.utilisationGbp.toString(),
      amountGbp: settled.amountGbp.toFixed(2),
      baselineDays: (baseline?.days ?? []).map(String),
      meterRevision: metered?.revision ?? null,
      flags: settled.flags,
    })
  }
  return lines
}

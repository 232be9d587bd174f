import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import { dayEnd } from '../../../../schemas/vocabulary/time.ts'
import { agreementsOf, limitAt, localMoment } from '../../../grid/index.ts'
import { contractedPeriods, listFlexibleUnits, serviceHistory, termOf } from '../../../market/index.ts'
import { readHistories, type UnitHistory } from '../../baselines/index.ts'
import type { Reader } from '../../metering/days/index.ts'

type ContractedPeriods = (contract: Contract, day: LocalDate) => Instant[]

/** Caches contracted quarter-hours: the contracts of a tender share their windows. */
export function rememberedPeriods(): ContractedPeriods {
  const known = new Map<string, Instant[]>()
  return (contract, day) => {
    const key = `${day.toEpochDay()} ${contract.validFrom} ${contract.validTo} ${JSON.stringify([contract.windows, contract.releasedDays])}`
    const found = known.get(key) ?? contractedPeriods(termOf(contract), day)
    known.set(key, found)
    return found
  }
}

/** The inputs of the lines of FUs in a month. */
export interface MonthInputs {
  histories: Map<string, UnitHistory>
  /** Starts of the quarter-hours of a day that a contract covers. */
  contracted: ContractedPeriods
  /** Number of DERs per FU. */
  ders: Map<string, number>
  /** Whether an FU was in service at an instant, as declared at that time. */
  inService(fuId: string, at: Instant): boolean
  /** Energy per quarter-hour under the limit agreed for the FU's connection, Wh; `null` without one. */
  limitWh(fuId: string, at: Instant): number | null
}

/** Reads all inputs in a few queries, however many FUs and days. */
export async function loadMonth(
  tx: Queryable,
  at: Instant,
  fuIds: string[],
  first: LocalDate,
  last: LocalDate,
  options: { withNominations: boolean; contracted?: ContractedPeriods; reader?: Reader },
): Promise<MonthInputs> {
  const { withNominations, contracted = rememberedPeriods(), reader = null } = options
  const histories = await readHistories(tx, fuIds, first, last, { reader, withNominations })
  const units = await listFlexibleUnits(tx, at, { fuIds })
  const service = await serviceHistory(tx, fuIds, dayEnd(last))
  const connectionOf = new Map(units.map((unit) => [unit.fuId, unit.connectionId]))
  const agreements = await agreementsOf(tx, [...new Set(connectionOf.values())])
  return {
    histories,
    contracted,
    ders: new Map(units.map((unit) => [unit.fuId, unit.derIds.length])),
    inService: (fuId, from) =>
      service.get(fuId)?.findLast((row) => !row.effectiveFrom.isAfter(from))?.inService ?? true,
    limitWh(fuId, from) {
      const own = agreements.get(connectionOf.get(fuId) ?? '')
      if (!own || own.length === 0) return null
      // The ASC is what the connection may import anyway; it gave nothing up for it.
      const limit = limitAt({ ascKva: 0, powerFactor: 1, agreements: own }, localMoment(from))
      return limit.source === 'asc' ? null : limit.limitW / 4
    },
  }
}

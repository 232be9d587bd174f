import type { Instant, LocalDate } from '@js-joda/core'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import { contractedPeriods, termOf } from '../../../market/index.ts'

/** Starts of the quarter-hours of a day that a contract covers. */
export type ContractedPeriods = (contract: Contract, day: LocalDate) => Instant[]

/** Caches contracted quarter-hours: the contracts of a tender share their windows. */
export function rememberedPeriods(): ContractedPeriods {
  const known = new Map<string, Instant[]>()
  const keys = new WeakMap<Contract, string>()
  const keyOf = (contract: Contract) => {
    const found =
      keys.get(contract) ??
      `${contract.validFrom} ${contract.validTo} ${JSON.stringify([contract.windows, contract.releasedDays])}`
    keys.set(contract, found)
    return found
  }
  return (contract, day) => {
    const key = `${day.toEpochDay()} ${keyOf(contract)}`
    const found = known.get(key) ?? contractedPeriods(termOf(contract), day)
    known.set(key, found)
    return found
  }
}

type Awarded = Pick<Contract, 'awardedAt' | 'contractId'>

/** The order in which the contracts of an FU are settled where several cover a quarter-hour: the earliest awarded comes first. */
export function byAward(a: Awarded, b: Awarded): number {
  return Date.parse(a.awardedAt) - Date.parse(b.awardedAt) || (a.contractId < b.contractId ? -1 : 1)
}

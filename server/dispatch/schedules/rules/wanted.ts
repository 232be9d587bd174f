import type { Instant } from '@js-joda/core'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import { tradingDayOf } from '../../../../schemas/vocabulary/time.ts'
import { type ContractTerm, isContracted } from '../../../market/index.ts'
import type { Interval } from '../../instructions/index.ts'
import { type ScheduleValues, valueAt } from './values.ts'

const quarterS = 900

/** What decides the turn-down of one FU for one product. */
export interface UnitSituation {
  /** Its contracts of the product, with the W of each in its direction: the most that may be asked for. */
  contracts: readonly ({ term: ContractTerm } & ContractedW)[]
  /** The live schedule; `null` if none is selected. */
  schedule: ScheduleValues | null
  /** Whether an emergency stop covers it. */
  isStopped: boolean
  /** What its FSP declared about its service, in order: the last declaration in effect counts. */
  service: readonly { effectiveFrom: Instant; inService: boolean }[]
}

/** What a contract is for: W in a direction. */
export type ContractedW = Pick<Contract, 'direction' | 'turnDownW'>

/** What a contract covers of what is asked for, W, signed: no more than is contracted; `null` in the other direction. */
export function withinContract(askedW: number, { direction, turnDownW }: ContractedW): number | null {
  if (direction === 'turn-up') return askedW > 0 ? null : Math.max(askedW, -turnDownW)
  return askedW < 0 ? null : Math.min(askedW, turnDownW)
}

/** Why nothing is wanted of an FU in a period. */
export type WhyNothing = 'not-contracted' | 'released' | 'stopped' | 'out-of-service' | 'no-schedule' | 'not-asked'

/** What to instruct in one quarter-hour: a turn-down in W, negative for a turn-up, 0 W included, or nothing, with the reason. */
export type Wanted = { from: Instant; turnDownW: number } | { from: Instant; turnDownW: null; because: WhyNothing }

/**
 * What is wanted of an FU in quarter-hours: what its live schedule asks for, if it is contracted, in service and not stopped, and no more
 * than is contracted. The tick, a saved or selected schedule and re-dispatch all use it.
 */
export function wanted(unit: UnitSituation, starts: readonly Instant[]): Wanted[] {
  return starts.map((from) => {
    const nothing = (because: WhyNothing) => ({ from, turnDownW: null, because })
    const contract = unit.contracts.find(({ term }) => isContracted(term, from))
    if (!contract) return nothing(isReleased(unit, from) ? 'released' : 'not-contracted')
    if (unit.isStopped) return nothing('stopped')
    if (!isInService(unit.service, from)) return nothing('out-of-service')
    if (!unit.schedule) return nothing('no-schedule')
    const askedW = valueAt(unit.schedule, from)
    const turnDownW = askedW === null ? null : withinContract(askedW, contract)
    return turnDownW === null ? nothing(askedW === null ? 'not-asked' : 'not-contracted') : { from, turnDownW }
  })
}

/** The quarter-hours in which something is wanted, as intervals. */
export function intervalsWanted(periods: readonly Wanted[]): Interval[] {
  return periods.flatMap(({ from, turnDownW }) =>
    turnDownW === null ? [] : [{ from, to: from.plusSeconds(quarterS), turnDownW }],
  )
}

/** Whether a contract would cover a period if its day had not been released. */
function isReleased({ contracts }: UnitSituation, from: Instant): boolean {
  const day = tradingDayOf(from).toString()
  return contracts.some(
    ({ term }) => term.releasedDays?.includes(day) && isContracted({ ...term, releasedDays: [] }, from),
  )
}

/** Whether an FU is in service at an instant, by its FSP's declarations; without any, it is. */
export function isInService(declared: UnitSituation['service'], at: Instant): boolean {
  return declared.findLast(({ effectiveFrom }) => !effectiveFrom.isAfter(at))?.inService ?? true
}

import { type Instant, LocalDate } from '@js-joda/core'
import type { Contract, ReserveRelease } from '../../../../schemas/market/contracts.ts'
import type { ProductKind } from '../../../../schemas/market/products.ts'
import { isInWindow, type WeeklyWindow } from '../../../../schemas/market/windows.ts'
import { brokenField, failure, type Outcome, type Refusal, success } from '../../../../schemas/vocabulary/outcome.ts'
import { dayStart, periodStarts, tradingDayOf, weekdayOf } from '../../../../schemas/vocabulary/time.ts'
import type { Product } from '../../../../schemas/vocabulary/units.ts'

/** The days on which a contract applies, and its windows. */
export interface ContractTerm {
  validFrom: LocalDate
  validTo: LocalDate
  windows: readonly WeeklyWindow[]
  /** Released days within the term. */
  releasedDays?: readonly string[]
}

/** The term of a contract as the API shows it. */
export function termOf(given: Pick<Contract, 'validFrom' | 'validTo' | 'windows' | 'releasedDays'>): ContractTerm {
  return {
    validFrom: LocalDate.parse(given.validFrom),
    validTo: LocalDate.parse(given.validTo),
    windows: given.windows,
    releasedDays: given.releasedDays,
  }
}

/** The first day on which two contracts cover the same time; `null` if there is none. */
export function firstSharedDay(a: ContractTerm, b: ContractTerm): LocalDate | null {
  const last = a.validTo.isBefore(b.validTo) ? a.validTo : b.validTo
  let day = a.validFrom.isAfter(b.validFrom) ? a.validFrom : b.validFrom
  for (; !day.isAfter(last); day = day.plusDays(1)) {
    const [own, others] = [windowsOn(a, day), windowsOn(b, day)]
    if (own.some((one) => others.some((other) => one.from < other.to && other.from < one.to))) return day
  }
  return null
}

function windowsOn(term: ContractTerm, day: LocalDate): WeeklyWindow[] {
  if (!doesHoldOn(term, day)) return []
  const name = weekdayOf(day)
  return term.windows.filter(({ weekdays }) => weekdays.includes(name))
}

/** Whether a contract applies on a day: within its term, and not released. */
function doesHoldOn(term: ContractTerm, day: LocalDate): boolean {
  if (day.isBefore(term.validFrom) || day.isAfter(term.validTo)) return false
  return !term.releasedDays?.includes(day.toString())
}

/** Why a day of a contract cannot be released at an instant; `null` if it can. The FSP has to know before the day begins. */
export function releaseFault(term: ContractTerm, day: LocalDate, now: Instant): 'not-contracted' | 'begun' | null {
  const whole = { ...term, releasedDays: [] }
  if (contractedPeriods(whole, day).length === 0) return 'not-contracted'
  return dayStart(day).isAfter(now) ? null : 'begun'
}

/** Whether a contract covers an instant. */
export function isContracted(term: ContractTerm, at: Instant): boolean {
  const day = tradingDayOf(at)
  return doesHoldOn(term, day) && isInWindow(term.windows, at)
}

/** Starts of the contracted quarter-hours of a trading day. */
export function contractedPeriods(term: ContractTerm, day: LocalDate): Instant[] {
  if (!doesHoldOn(term, day)) return []
  return periodStarts(day, 'PT15M').filter((start) => isInWindow(term.windows, start))
}

/**
 * All released days of a contract after releasing some more. Only a forward option is reserve, and only whole days that have not begun
 * can be released.
 */
export function daysAfterRelease(
  row: ContractTerm & { product: Product; kind: ProductKind; releasedDays: readonly string[] },
  { days }: Pick<ReserveRelease, 'days'>,
  now: Instant,
): Outcome<string[]> {
  if (row.kind !== 'forward-option') {
    const detail = `The contract is for product ${row.product}: only reserve of a forward option can be released.`
    return failure({ kind: 'conflict', detail })
  }
  const refusals = days.map((day, i) => refusalOfDay(row, day, `days[${i}]`, now))
  const refusal = refusals.find((one) => one !== null)
  return refusal ? failure(refusal) : success([...new Set([...row.releasedDays, ...days])].sort())
}

function refusalOfDay(term: ContractTerm, day: string, field: string, now: Instant): Refusal | null {
  const fault = releaseFault(term, LocalDate.parse(day), now)
  if (fault === 'not-contracted') return brokenField(field, 'is not a day on which the contract has a window')
  if (fault === null) return null
  const detail = `${day} has begun: the FSP has kept its reserve for it, so the day stays contracted.`
  return { kind: 'conflict', detail }
}

import type { LocalDate } from '@js-joda/core'
import { type Agreement, agreementOn, latestExpired } from '../connections/index.ts'

/** Days before the end of a profile at which its alarm is raised and then escalated (default). */
export const expiryWarnings = [
  { days: 60, priority: 'low' },
  { days: 30, priority: 'medium' },
  { days: 7, priority: 'high' },
] as const

/** What a day shows about the end of a connection's agreements. */
export type ExpiryStanding =
  | { standing: 'none' | 'valid' }
  | { standing: 'expiring'; lastDay: LocalDate; daysLeft: number; priority: 'low' | 'medium' | 'high' }
  | { standing: 'expired'; lastDay: LocalDate }

/** Assesses the end of the last agreement that follows without a gap; an agreed successor needs no alarm. */
export function expiryStanding(agreements: readonly Agreement[], day: LocalDate): ExpiryStanding {
  const inForce = agreementOn(agreements, day)
  if (!inForce) {
    const expired = latestExpired(agreements, day)
    return expired ? { standing: 'expired', lastDay: expired.validTo } : { standing: 'none' }
  }
  const lastDay = lastCoveredDay(agreements, inForce)
  const daysLeft = lastDay.toEpochDay() - day.toEpochDay()
  const warning = expiryWarnings.findLast((w) => daysLeft <= w.days)
  return warning ? { standing: 'expiring', lastDay, daysLeft, priority: warning.priority } : { standing: 'valid' }
}

function lastCoveredDay(agreements: readonly Agreement[], from: Agreement): LocalDate {
  const next = agreementOn(agreements, from.validTo.plusDays(1))
  return next ? lastCoveredDay(agreements, next) : from.validTo
}

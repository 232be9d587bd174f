import { LocalDate } from '@js-joda/core'
import type { ComplianceDay, ComplianceReport } from '../../../schemas/grid/compliance.ts'
import type { Feed, FeedFailure } from '../../../schemas/grid/feeds.ts'
import { connections } from './fixtures.ts'

/** Days of one connection or of all nine, one in seven with a breach. */
export function complianceDays(connectionId: string | null, from: string, to: string): ComplianceDay[] {
  const sites = connectionId === null ? 9 : 1
  const days: ComplianceDay[] = []
  for (let day = LocalDate.parse(from); !day.isAfter(LocalDate.parse(to)); day = day.plusDays(1)) {
    const n = day.dayOfMonth()
    const [breachS, atRiskS, unknownS] = [n % 7 === 5 ? 1_500 : 0, n % 3 === 0 ? 7_200 : 600, n === 9 ? 20_000 : 0]
    days.push({
      tradingDay: day.toString(),
      breachS,
      atRiskS: atRiskS * sites,
      unknownS,
      compliantS: 86_400 * sites - breachS - atRiskS * sites - unknownS,
    })
  }
  return days
}

export function complianceReport(month: string): ComplianceReport {
  return {
    month,
    lines: connections().map((site, i) => ({
      connectionId: site.connectionId,
      name: site.name,
      customer: site.customer,
      watchedS: 1_200_000,
      compliantShare: 0.97 - i / 200,
      atRiskShare: 0.02 + i / 400,
      breachShare: i === 2 ? 0.0042 : 0,
      unknownShare: i === 7 ? 0.031 : 0,
      breaches: i === 2 ? 4 : 0,
      dispatchBreaches: i === 2 ? 1 : 0,
      peakExcessW: i === 2 ? 22_400 : null,
      excessWh: i === 2 ? 8_310 : 0,
      maxHalfHourW: site.limitW * 0.93,
      energyWh: site.limitW * 200,
    })),
  }
}

export function feeds(): Feed[] {
  const base = {
    owner: 'Fleet data team',
    cadenceS: 900,
    format: 'JSON lines over HTTPS',
    amberS: 1_800,
    redS: 3_600,
    fields: { vehicle: 'string' as const, at: 'string' as const, kwh: 'number' as const },
    registeredAt: '2025-12-01T09:00:00Z',
    lastRecord: { vehicle: 'RM-104', at: '2026-01-15T17:30:00Z', kwh: 3.2 },
  }
  return [
    {
      ...base,
      feedId: 'telematics',
      name: 'Telematics',
      freshness: 'green',
      lastSuccessAt: '2026-01-15T17:45:00Z',
      lastFailureAt: null,
    },
    {
      ...base,
      feedId: 'tariffs',
      name: 'Tariffs',
      freshness: 'red',
      lastSuccessAt: '2026-01-15T09:00:00Z',
      lastFailureAt: '2026-01-15T17:15:00Z',
    },
  ]
}

export function feedFailures(feedId: string): FeedFailure[] {
  if (feedId !== 'tariffs') return []
  return [
    {
      at: '2026-01-15T17:15:00Z',
      kind: 'drift',
      reason: 'kwh: expected a number, got a string',
      record: { kwh: '3,2' },
    },
  ]
}

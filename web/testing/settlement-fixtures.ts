import { LocalDate } from '@js-joda/core'
import type { z } from 'zod'
import type { Baseline, BaselineMethod, baselineAccuracy, meteredDay } from '../../schemas/metering.ts'
import type { DeliveryReport, Dispute, LineExplanation } from '../../schemas/settlement.ts'
import { localTimeOf, periodStarts } from '../../schemas/time.ts'
import { fixtureNow, flexibleUnits, statement } from './fixtures.ts'

export function explanation(lineId: string): LineExplanation | null {
  const given = statement()
  const line = given.lines.find((each) => each.lineId === lineId)
  if (!line) return null
  return {
    statementNumber: given.number,
    line,
    asOf: fixtureNow,
    baselineMethodInWords: 'The mean of the same quarter-hour on the five latest comparable days without an event.',
    baselineValues: line.baselineDays.map((day) => ({
      day,
      from: line.from,
      energyWh: line.baselineWh ?? 0,
      revision: 1,
    })),
    steps: [
      {
        quantity: 'Delivered',
        formula: 'clamp(baseline − metered, 0, instructed)',
        working: `clamp(${line.baselineWh} − ${line.meteredWh}, 0, 9500)`,
        result: `${line.deliveredWh} Wh`,
      },
      {
        quantity: 'Amount',
        formula: '(availability + utilisation) × factor',
        working: `(${line.availabilityGbp} + ${line.utilisationGbp}) × ${line.performanceFactor}`,
        result: `£${line.amountGbp}`,
      },
    ],
  }
}

export function deliveries(): DeliveryReport[] {
  return flexibleUnits().map(({ fuId, name }, i) => ({
    ...{ fuId, fuName: name, instructedPeriods: 64 },
    ...{ failedPeriods: i === 2 ? 7 : 0, longestFailure: i === 2 ? 3 : 0, meanRatio: i === 2 ? 0.81 : 0.97 },
  }))
}

export function newDispute(given: { lineNumber: number | null; reason: string }): Dispute {
  return {
    ...{ ...given, disputeId: crypto.randomUUID(), statementId: statement().statementId, state: 'open' },
    ...{ raisedAt: fixtureNow, raisedBy: 'engineer', outcome: null, decidedAt: null, decidedBy: null },
  }
}

const share: Record<BaselineMethod, number> = {
  'recent-history': 1,
  'mid-8-in-10': 1.03,
  bl01: 0.97,
  nominated: 1.08,
  'fixed-reference': 1,
  zero: 0,
}

function importAt(hour: number): number {
  return 14_000 + 9_000 * Math.exp(-(((hour - 18.5) / 3) ** 2)) + 5_000 * Math.exp(-(((hour - 2) / 3) ** 2))
}

export function baselineOf(fuId: string, tradingDay: string, method: BaselineMethod): Baseline {
  return {
    fuId,
    tradingDay,
    method,
    days: method === 'nominated' ? [] : ['2026-01-14', '2026-01-13', '2026-01-12', '2026-01-09', '2026-01-08'],
    periods: periodStarts(LocalDate.parse(tradingDay), 'PT15M').map((from) => ({
      from: from.toString(),
      to: from.plusSeconds(900).toString(),
      energyWh: Math.round(importAt(localTimeOf(from).hour() + localTimeOf(from).minute() / 60) * share[method]),
    })),
  }
}

export function meteredOf(fuId: string, day: string): z.infer<typeof meteredDay> {
  return {
    ...{ fuId, day, asOf: null },
    periods: periodStarts(LocalDate.parse(day), 'PT15M').map((from) => {
      const hour = localTimeOf(from).hour() + localTimeOf(from).minute() / 60
      const energyWh = Math.round(importAt(hour) * (hour >= 17 && hour < 19 ? 0.6 : 0.98))
      return { from: from.toString(), energyWh: hour < 17.75 ? energyWh : null, revision: hour < 17.75 ? 1 : null }
    }),
  }
}

export function accuracyOf(fuId: string): z.infer<typeof baselineAccuracy> {
  const methods = ['recent-history', 'mid-8-in-10', 'bl01', 'nominated'] as const
  return {
    fuId,
    methods: methods.map((method, i) => ({ method, days: 18, bias: 0.004 * i - 0.006, mape: 0.031 + i / 100 })),
  }
}

import { LocalDate } from '@js-joda/core'
import type { z } from 'zod'
import type { BaselineMethod, baselineAccuracy } from '../../../schemas/settlement/baselines.ts'
import type {
  BaselineComparison,
  DeliveryReport,
  Dispute,
  LineExplanation,
} from '../../../schemas/settlement/statements.ts'
import { localTimeOf, periodStarts } from '../../../schemas/vocabulary/time.ts'
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
      source: 'upload' as const,
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
    fuId,
    fuName: name,
    instructedPeriods: 64,
    failedPeriods: i === 2 ? 7 : 0,
    longestFailure: i === 2 ? 3 : 0,
    meanRatio: i === 2 ? 0.81 : 0.97,
  }))
}

export function newDispute(given: { lineNumber: number | null; reason: string }): Dispute {
  return {
    ...given,
    disputeId: crypto.randomUUID(),
    statementId: statement().statementId,
    state: 'open',
    raisedAt: fixtureNow,
    raisedBy: 'engineer',
    outcome: null,
    decidedAt: null,
    decidedBy: null,
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

/** A day with a turn-down from 17:00 to 19:00 that is over until 17:45, by five methods. */
export function comparisonOf(fuId: string, tradingDay: string): BaselineComparison {
  const starts = periodStarts(LocalDate.parse(tradingDay), 'PT15M')
  const hourOf = (from: (typeof starts)[number]) => localTimeOf(from).hour() + localTimeOf(from).minute() / 60
  const days = ['2026-01-14', '2026-01-13', '2026-01-12', '2026-01-09', '2026-01-08']
  const methodOf = (method: BaselineMethod, amountGbp: string, inDayAdjustment = false) => ({
    method,
    inDayAdjustment,
    isInForce: method === 'recent-history',
    amountGbp,
    isOutturn: false,
    days: method === 'nominated' ? [] : days,
    energyWh: starts.map((from) => Math.round(importAt(hourOf(from)) * share[method])),
    deliveredWh: 24_000 * share[method],
  })
  return {
    fuId,
    tradingDay,
    contracts: [
      {
        contractId: '00000000-0000-4000-8000-001900000001',
        product: 'A',
        inDayAdjustment: false,
        baselineMethod: 'recent-history',
        scheme: { name: 'grace-and-multiplier', graceRatio: 0.95, slope: 3, floorRatio: 0.63 },
      },
    ],
    periods: starts.map((from) => {
      const [hour, isOver] = [hourOf(from), hourOf(from) < 17.75]
      return {
        from: from.toString(),
        to: from.plusSeconds(900).toString(),
        meteredWh: isOver ? Math.round(importAt(hour) * (hour >= 17 ? 0.6 : 0.98)) : null,
        instructedW: hour >= 17 && hour < 19 ? 38_000 : null,
      }
    }),
    methods: [
      methodOf('recent-history', '4.20'),
      methodOf('mid-8-in-10', '4.05'),
      methodOf('bl01', '4.31'),
      methodOf('bl01', '4.40', true),
      methodOf('nominated', '3.10'),
    ],
  }
}

export function accuracyOf(fuId: string): z.infer<typeof baselineAccuracy> {
  const methods = ['recent-history', 'mid-8-in-10', 'bl01', 'nominated'] as const
  return {
    fuId,
    methods: methods.map((method, i) => ({ method, days: 18, bias: 0.004 * i - 0.006, mape: 0.031 + i / 100 })),
  }
}

import { Instant, LocalDate } from '@js-joda/core'
import { paymentSettings } from '../../../../schemas/settings/payment.ts'
import { sumGbp } from '../../../../schemas/vocabulary/money.ts'
import { dayStart } from '../../../../schemas/vocabulary/time.ts'
import { historyOf } from '../../baselines/histories.ts'
import type { MeteredDay } from '../../metering/days/index.ts'
import { defaultTerms } from '../../payments/index.ts'
import { rememberedPeriods } from '../../statements/lines/contracted.ts'
import { settledContract } from '../../statements/lines/line.ts'
import { linesOfContract } from '../../statements/lines/lines.ts'
import { noOffers } from '../../statements/lines/offers.ts'
import { type NaiveMonth, naivePence } from './naive.ts'

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

/** The program's lines of a month. @param metered days as metering gives them, by epoch day. */
export function settledMonth(month: NaiveMonth, metered: ReadonlyMap<number, MeteredDay>) {
  const { first, last, contractedW, direction = 'turn-down' } = month
  const isUp = direction === 'turn-up'
  const nominated = new Map(
    Object.entries(month.nominated).map(([day, energyWh]) => [LocalDate.parse(day).toEpochDay(), energyWh]),
  )
  const periods = [...month.instructed].map(([q, turnDownW]) => {
    const fromAt = Instant.ofEpochMilli(q)
    return {
      instructionId: 'i',
      fuId: 'fu',
      state: 'ended' as const,
      product: 'A' as const,
      outcome: 'accepted' as const,
      plannedAt: fromAt,
      revision: 1,
      turnDownW: isUp ? -turnDownW : turnDownW,
      acknowledgedAt: fromAt,
      fromAt,
      toAt: fromAt.plusSeconds(900),
    }
  })
  const spans = [...month.otherEvents].map((q) => {
    const fromAt = Instant.ofEpochMilli(q)
    return { fromAt, toAt: fromAt.plusSeconds(900) }
  })
  const price = (hundredths: number) => (hundredths / 100).toFixed(2)
  const contract = {
    contractId: 'c',
    tenderId: 't',
    reference: null,
    fspId: 'f',
    fspName: 'F',
    fuId: 'fu',
    fuName: 'FU',
    product: 'A' as const,
    direction,
    availabilityGbpPerMwH: price(month.prices[0]),
    utilisationGbpPerMwh: price(month.prices[1]),
    turnDownW: contractedW,
    validFrom: first.toString(),
    validTo: last.toString(),
    windows: [
      { weekdays: [...weekdays], from: '00:30', to: '03:00', requiredW: contractedW },
      { weekdays: [...weekdays], from: '04:30', to: '07:30', requiredW: contractedW },
    ],
    baselineMethod: 'recent-history' as const,
    baselineFallback: 'nominated' as const,
    awardedAt: '2026-01-01T00:00:00Z',
    releasedDays: [],
    awardedBy: 'sam',
  }
  const terms = {
    ...defaultTerms,
    baselineMethod: month.method,
    baselineFallback: month.fallback,
    scheme: month.scheme,
    referenceWPerDer: month.referenceWPerDer,
    inDayAdjustment: month.inDayAdjustment,
    scheduleAccuracy: month.scheduleAccuracy,
    missingMeterData: month.missingMeterData,
  }
  const inputs = {
    histories: new Map([['fu', historyOf(metered, periods, nominated, { spans, canExport: false })]]),
    ders: () => month.ders,
    inService: (_: string, at: Instant) => !month.outOfService.has(at.toEpochMilli()),
    capabilityW: () => contractedW,
    offers: noOffers,
    site: (_fu: string, at: Instant, baselineWh: number | null) => {
      const exported = isUp ? null : month.exportLimitWh
      if ((month.limitWh === null && exported === null) || baselineWh === null) return null
      const baselinesWh = isUp ? baselineWh : Math.max(0, baselineWh)
      const turnDownWh = (month.instructed.get(at.toEpochMilli()) ?? 0) / 4
      const own = { limitWh: month.limitWh, restWh: 0, baselinesWh }
      return exported === null ? own : { ...own, export: { limitWh: exported, baselinesWh: baselineWh, turnDownWh } }
    },
    cleared: () => null,
    figures: paymentSettings.defaults,
    contracted: rememberedPeriods(),
  }
  const at = dayStart(last.plusDays(2))
  return linesOfContract(settledContract(contract, terms, inputs, at, first, last, 'contract'), inputs, at, first, last)
}

/**
 * Lines of the program beside the pence of the naive settlement, as text, and what both sum to: a comparison shows the line
 * that differs.
 */
export function bothSettlements(month: NaiveMonth, metered: ReadonlyMap<number, MeteredDay>) {
  const lines = settledMonth(month, metered)
  const naive = naivePence(month)
  const shown = (q: number, pence: number) => `${Instant.ofEpochMilli(q)} ${pence}`
  return {
    lines: lines.length,
    program: lines.map((line) => shown(line.fromAt.toEpochMilli(), Math.round(Number(line.amountGbp) * 100))),
    naive: lines.map((line) => shown(line.fromAt.toEpochMilli(), naive.get(line.fromAt.toEpochMilli()) ?? Number.NaN)),
    programTotal: sumGbp(lines.map((line) => line.amountGbp)),
    naiveTotal: gbp(lines.reduce((sum, line) => sum + (naive.get(line.fromAt.toEpochMilli()) ?? Number.NaN), 0)),
  }
}

function gbp(pence: number): string {
  const digits = String(Math.abs(pence)).padStart(3, '0')
  return `${pence < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

import { Instant, LocalDate } from '@js-joda/core'
import { z } from 'zod'
import type { MeterMark } from '../../../schemas/settlement/metering.ts'
import { settlementTerms } from '../../../schemas/settlement/statements.ts'
import { sumGbp } from '../../../schemas/vocabulary/money.ts'
import { dayEnd, localTimeOf, periodStarts } from '../../../schemas/vocabulary/time.ts'
import { instant, powerW, price, tradingDay, turnDownW } from '../../../schemas/vocabulary/units.ts'
import { historyOf } from '../../../server/settlement/baselines/histories.ts'
import { defaultTerms } from '../../../server/settlement/payments/index.ts'
import { changedLines, periodKey } from '../../../server/settlement/statements/lines/delta.ts'
import { rememberedPeriods } from '../../../server/settlement/statements/lines/inputs.ts'
import { type LineRow, linesOfContract, settledContract } from '../../../server/settlement/statements/lines/lines.ts'

const wallClock = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/, 'must be a time such as 17:00')

/** Energy of each quarter-hour from a wall-clock time on, Wh; `null`: the meter has no value. */
const steps = z.array(z.tuple([wallClock, z.number().nullable()])).min(1)

/** By day, `2026-01-29`, or by a span of days, `2026-01-15/2026-01-28`; a later member counts before an earlier one. */
const days = z.record(z.string().regex(/^\d{4}-\d\d-\d\d(\/\d{4}-\d\d-\d\d)?$/, 'must be a day or two'), steps)

/** One contract of one FU on one day. */
export const settlementInput = z.strictObject({
  day: tradingDay,
  contract: z.strictObject({
    turnDownW,
    availabilityGbpPerMwH: price,
    utilisationGbpPerMwh: price,
    windows: z.array(z.strictObject({ from: wallClock, to: wallClock })).min(1),
  }),
  /** What differs from the default terms: recent history, grace and multiplier, no in-day adjustment. */
  terms: z.record(z.string(), z.unknown()).default({}),
  ders: z.int().min(1).default(1),
  meteredWh: days,
  nominatedWh: days.default({}),
  /** Turn-down that was instructed and accepted, by the start of the quarter-hour. */
  instructedW: z.record(instant, powerW),
  outOfService: z.array(instant).default([]),
  /** Whether the FU can export; otherwise its adjusted baseline stops at 0. */
  canExport: z.boolean().default(false),
  /** Spans in which the FU served others or was held by a limit: they make event days. */
  otherEvents: z.array(z.strictObject({ from: instant, to: instant })).default([]),
  /** Quarter-hours of which the sender said that it estimated them. */
  estimatedBySender: z.array(instant).default([]),
  /** Days that the meter has in half-hours, each spread over its quarter-hours. */
  halfHourly: z.array(tradingDay).default([]),
  /** Import limit that the connection had agreed anyway, W. */
  agreedLimitW: powerW.nullable().default(null),
  /** Meter data that come in after the statement was issued: makes a delta. */
  correctedWh: days.optional(),
})
export type SettlementInput = z.infer<typeof settlementInput>

const line = z
  .strictObject({
    instructedW: z.number().nullable(),
    baselineWh: z.number().nullable(),
    meteredWh: z.number().nullable(),
    limitWh: z.number().nullable(),
    deliveredWh: z.number(),
    deliveryRatio: z.number().nullable(),
    accuracyFactor: z.number(),
    performanceFactor: z.number(),
    availabilityGbp: z.string(),
    utilisationGbp: z.string(),
    settledGbp: z.string(),
    previousGbp: z.string().nullable(),
    amountGbp: z.string(),
    baselineDays: z.array(z.string()),
    flags: z.array(z.string()),
  })
  .partial()
  .extend({ from: instant })

const statement = z.strictObject({ lines: z.array(line), totalGbp: z.string() })

/** The lines in order, each with the members that the case is about, and their sum. Figures are exact. */
export const settlementExpected = statement.extend({ delta: statement.optional() })

/** Settles a case as a statement would, without a database. */
export function settle(input: SettlementInput): z.input<typeof settlementExpected> {
  const lines = linesOf(input, input.meteredWh)
  const issued = statementOf(lines)
  if (!input.correctedWh) return issued
  const before = new Map(lines.map((row) => [periodKey(row), { ...row, statementId: 's', number: 1, lineId: 'l' }]))
  const now = linesOf(input, { ...input.meteredWh, ...input.correctedWh })
  return { ...issued, delta: statementOf(changedLines(now, before)) }
}

function statementOf(rows: readonly LineRow[]) {
  return {
    lines: rows.map(({ fromAt, ...row }) => ({ from: fromAt.toString(), ...row })),
    totalGbp: sumGbp(rows.map((row) => String(row.amountGbp))),
  }
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

function linesOf(input: SettlementInput, meteredWh: SettlementInput['meteredWh']): LineRow[] {
  const day = LocalDate.parse(input.day)
  const [first, last] = [day.withDayOfMonth(1), day.withDayOfMonth(day.lengthOfMonth())]
  const { windows, ...prices } = input.contract
  const contract = {
    contractId: 'contract',
    tenderId: 'tender',
    fspId: 'fsp',
    fspName: 'FSP',
    fuId: 'fu',
    fuName: 'FU',
    product: 'A' as const,
    ...prices,
    validFrom: first.toString(),
    validTo: last.toString(),
    windows: windows.map((w) => ({ weekdays: [...weekdays], ...w, requiredW: input.contract.turnDownW })),
    baselineMethod: 'recent-history' as const,
    baselineFallback: 'nominated' as const,
    reference: null,
    awardedAt: `${first}T00:00:00Z`,
    releasedDays: [],
    awardedBy: 'sam',
  }
  const terms = settlementTerms.parse({ ...defaultTerms, ...input.terms })
  const idle = new Set(input.outOfService.map((at) => Date.parse(at)))
  const inputs = {
    histories: new Map([['fu', historyIn(input, meteredWh)]]),
    ders: new Map([['fu', input.ders]]),
    inService: (_: string, at: Instant) => !idle.has(at.toEpochMilli()),
    limitWh: () => (input.agreedLimitW === null ? null : input.agreedLimitW / 4),
    contracted: rememberedPeriods(),
  }
  const at = dayEnd(day)
  return linesOfContract(settledContract(contract, terms, inputs, at, first, last), inputs, at, day, day)
}

function historyIn(input: SettlementInput, meteredWh: SettlementInput['meteredWh']) {
  const spans = input.otherEvents.map(({ from, to }) => ({ fromAt: instantOf(from), toAt: instantOf(to) }))
  const events = { spans, canExport: input.canExport }
  return historyOf(meteredOf(input, meteredWh), instructionsOf(input), energiesOf(input.nominatedWh), events)
}

const instantOf = (text: string) => Instant.ofEpochMilli(Date.parse(text))

function instructionsOf({ instructedW }: SettlementInput) {
  return Object.entries(instructedW).map(([from, watts]) => {
    const fromAt = Instant.ofEpochMilli(Date.parse(from))
    const toAt = fromAt.plusSeconds(900)
    return {
      instructionId: 'i',
      fuId: 'fu',
      state: 'ended' as const,
      turnDownW: watts,
      acknowledgedAt: fromAt,
      fromAt,
      toAt,
    }
  })
}

/** Energies per quarter-hour from local midnight, by epoch day. */
function energiesOf(given: z.infer<typeof days>): Map<number, (number | null)[]> {
  const found = new Map<number, (number | null)[]>()
  for (const [span, own] of Object.entries(given)) {
    const [from = '', to = from] = span.split('/')
    const end = LocalDate.parse(to)
    for (let day = LocalDate.parse(from); !day.isAfter(end); day = day.plusDays(1))
      found.set(
        day.toEpochDay(),
        periodStarts(day, 'PT15M').map((start) => {
          const time = localTimeOf(start).toLocalTime().toString().slice(0, 5)
          return own.findLast(([at]) => at <= time)?.[1] ?? null
        }),
      )
  }
  return found
}

function meteredOf({ estimatedBySender, halfHourly }: SettlementInput, given: z.infer<typeof days>) {
  const estimated = new Set(estimatedBySender.map((at) => Date.parse(at)))
  const spread = new Set(halfHourly.map((day) => LocalDate.parse(day).toEpochDay()))
  return new Map(
    [...energiesOf(given)].map(([day, energyWh]) => {
      const revisions = energyWh.map((wh) => (wh === null ? 0 : 1))
      const marks = periodStarts(LocalDate.ofEpochDay(day), 'PT15M').map((start) => {
        const own: MeterMark[] = spread.has(day) ? ['apportioned'] : []
        if (estimated.has(start.toEpochMilli())) own.push('estimated')
        return own.length > 0 ? own : null
      })
      return [day, { energyWh, revisions, sources: null, marks }] as const
    }),
  )
}

import { Instant, LocalDate } from '@js-joda/core'
import { z } from 'zod'
import { paymentSettings } from '../../../schemas/settings/payment.ts'
import type { MeterMark } from '../../../schemas/settlement/metering.ts'
import { priceRule, settlementTerms } from '../../../schemas/settlement/statements.ts'
import { sumGbp } from '../../../schemas/vocabulary/money.ts'
import { dayEnd, dayStart, localTimeOf, periodStarts } from '../../../schemas/vocabulary/time.ts'
import {
  directionOrTurnDown,
  instant,
  powerW,
  price,
  product,
  tradingDay,
  turnDownW,
} from '../../../schemas/vocabulary/units.ts'
import { inQuarterHours } from '../../../server/dispatch/instructions/rules/intervals.ts'
import { historyOf } from '../../../server/settlement/baselines/histories.ts'
import { defaultTerms } from '../../../server/settlement/payments/index.ts'
import { rememberedPeriods } from '../../../server/settlement/statements/lines/contracted.ts'
import { changedLines, periodKey } from '../../../server/settlement/statements/lines/delta.ts'
import type { MonthInputs } from '../../../server/settlement/statements/lines/inputs.ts'
import { type LineRow, settledContract } from '../../../server/settlement/statements/lines/line.ts'
import { linesOfUnit } from '../../../server/settlement/statements/lines/lines.ts'
import { offersOf } from '../../../server/settlement/statements/lines/offers.ts'
import { asPaid } from '../../../server/settlement/statements/lines/product-prices.ts'

const wallClock = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/, 'must be a time such as 17:00')

/** Energy of each quarter-hour from a wall-clock time on, Wh; `null`: the meter has no value. */
const steps = z.array(z.tuple([wallClock, z.number().nullable()])).min(1)

/** By day, `2026-01-29`, or by a span of days, `2026-01-15/2026-01-28`; a later member counts before an earlier one. */
const days = z.record(z.string().regex(/^\d{4}-\d\d-\d\d(\/\d{4}-\d\d-\d\d)?$/, 'must be a day or two'), steps)

const contract = z.strictObject({
  product: product.default('A'),
  direction: directionOrTurnDown,
  priceRule: priceRule.default('contract'),
  paysAvailability: z.boolean().default(true),
  turnDownW,
  availabilityGbpPerMwH: price,
  utilisationGbpPerMwh: price,
  windows: z.array(z.strictObject({ from: wallClock, to: wallClock })).min(1),
})

/** An instruction from its planning on; of several for a second the last planned counts. */
const instruction = z.strictObject({
  product: product.default('A'),
  plannedAt: instant,
  from: instant,
  to: instant,
  turnDownW: powerW,
  outcome: z.enum(['accepted', 'refused', 'undelivered', 'none']).default('accepted'),
})

/** A schedule that the FSP submitted for the day; from its receipt on it counts. */
const submission = z.strictObject({
  kind: z.enum(['availability', 'deviation', 'cost']),
  direction: directionOrTurnDown,
  submittedAt: instant,
  values: z.array(z.tuple([wallClock, z.union([z.number(), price])])).min(1),
})

/** One FU on one day: as a rule with one contract. */
export const settlementInput = z.strictObject({
  day: tradingDay,
  contract,
  /** Further contracts of the same FU, each awarded a day after the one before. */
  otherContracts: z.array(contract).default([]),
  /** Registered turn-down of the FU, W. */
  capabilityW: turnDownW.default(50_000),
  /** What differs from the default terms: recent history, grace and multiplier, no in-day adjustment. */
  terms: z.record(z.string(), z.unknown()).default({}),
  ders: z.int().min(1).default(1),
  meteredWh: days,
  nominatedWh: days.default({}),
  /** Turn-down that was instructed and accepted, by the start of the quarter-hour. */
  instructedW: z.record(instant, powerW).default({}),
  /** Instructions that do not fit that: parts of a quarter-hour, refused, not delivered, replaced. */
  instructions: z.array(instruction).default([]),
  submissions: z.array(submission).default([]),
  /** Quarter-hours whose reading the sender marked as an estimate. */
  estimatedBySender: z.array(instant).default([]),
  outOfService: z.array(instant).default([]),
  /** Whether the FU can export; otherwise its adjusted baseline stops at 0. */
  canExport: z.boolean().default(false),
  /** Spans in which the FU served others or was held by a limit: they make event days. */
  otherEvents: z.array(z.strictObject({ from: instant, to: instant })).default([]),
  /** Days that the meter has in half-hours, each spread over its quarter-hours. */
  halfHourly: z.array(tradingDay).default([]),
  /** Import limit that the connection had agreed anyway, W. */
  agreedLimitW: powerW.nullable().default(null),
  /** What the connection is authorised to export, W; `null` where that is not stated. */
  exportLimitW: powerW.nullable().default(null),
  /**
   * The rest of the site under those limits: its measured load, `null` if nobody measures it, the baselines of its other FUs, and the turn-up
   * and turn-down that these accepted, Wh.
   */
  site: z
    .strictObject({
      restWh: z.number().nullable(),
      otherBaselinesWh: z.number().default(0),
      otherTurnUpWh: z.number().default(0),
      otherTurnDownWh: z.number().default(0),
    })
    .default({ restWh: 0, otherBaselinesWh: 0, otherTurnUpWh: 0, otherTurnDownWh: 0 }),
  /** The dearest price accepted at the node: makes the price rule pay-as-clear. */
  clearedGbpPerMwh: price.optional(),
  /** When the statement is prepared; by default at the end of the day. */
  preparedAt: instant.optional(),
  /** Meter data that come in after the statement was issued: makes a delta. */
  correctedWh: days.optional(),
})
export type SettlementInput = z.infer<typeof settlementInput>

const line = z
  .strictObject({
    contractId: z.string(),
    availableW: z.number().nullable(),
    instructedW: z.number().nullable(),
    instructedWh: z.number().nullable(),
    turnedDownWh: z.number().nullable(),
    elsewhereWh: z.number(),
    availability: z.string(),
    utilisation: z.string(),
    priceRule: z.string(),
    bidPrice: z.string().nullable(),
    penaltyGbp: z.string(),
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
  const terms = settlementTerms.parse({ ...defaultTerms, ...input.terms })
  const inputs = inputsOf(input, meteredWh)
  const at = input.preparedAt ? instantOf(input.preparedAt) : dayEnd(day)
  const settled = [input.contract, ...input.otherContracts].map((given, i) =>
    settledContract(contractOf(given, i, first, last), ...([terms, inputs, at, first, last] as const), given.priceRule),
  )
  return linesOfUnit(settled, inputs, at, day, day)
}

function contractOf(
  { windows, paysAvailability, ...stated }: z.infer<typeof contract>,
  i: number,
  first: LocalDate,
  last: LocalDate,
) {
  const given = asPaid(stated, { paysAvailability, paysUtilisation: true })
  return {
    contractId: i === 0 ? 'contract' : `contract-${i + 1}`,
    tenderId: 'tender',
    fspId: 'fsp',
    fspName: 'FSP',
    fuId: 'fu',
    fuName: 'FU',
    ...given,
    validFrom: first.toString(),
    validTo: last.toString(),
    windows: windows.map((w) => ({ weekdays: [...weekdays], ...w, requiredW: given.turnDownW })),
    baselineMethod: 'recent-history' as const,
    baselineFallback: 'nominated' as const,
    reference: null,
    awardedAt: dayStart(first.minusDays(20 - i)).toString(),
    releasedDays: [],
    awardedBy: 'sam',
  }
}

function inputsOf(input: SettlementInput, meteredWh: SettlementInput['meteredWh']): MonthInputs {
  const idle = new Set(input.outOfService.map((at) => Date.parse(at)))
  const { agreedLimitW, exportLimitW, site } = input
  const history = historyIn(input, meteredWh)
  return {
    histories: new Map([['fu', history]]),
    ders: () => input.ders,
    capabilityW: () => input.capabilityW,
    inService: (_: string, at: Instant) => !idle.has(at.toEpochMilli()),
    offers: offersOf(submissionsOf(input)),
    site: (_fu, at, baselineWh, way) => {
      const exported = way === 'turn-down' ? exportLimitW : null
      if ((agreedLimitW === null && exported === null) || baselineWh === null) return null
      const baselinesWh = baselineWh + site.otherBaselinesWh
      const own = { limitWh: agreedLimitW === null ? null : agreedLimitW / 4, restWh: site.restWh, baselinesWh }
      const acceptedWh = (history.instructedW.get(at.toEpochMilli()) ?? 0) / 4
      if (way === 'turn-up') return { ...own, turnUpWh: site.otherTurnUpWh - acceptedWh }
      if (exported === null) return own
      const turnDownWh = acceptedWh + site.otherTurnDownWh
      return { ...own, export: { limitWh: exported / 4, baselinesWh, turnDownWh } }
    },
    cleared: () => input.clearedGbpPerMwh ?? null,
    contracted: rememberedPeriods(),
    figures: paymentSettings.defaults,
  }
}

function historyIn(input: SettlementInput, meteredWh: SettlementInput['meteredWh']) {
  const spans = input.otherEvents.map(({ from, to }) => ({ fromAt: instantOf(from), toAt: instantOf(to) }))
  const events = { spans, canExport: input.canExport }
  return historyOf(meteredOf(input, meteredWh), instructionsOf(input), energiesOf(input.nominatedWh), events)
}

const instantOf = (text: string) => Instant.ofEpochMilli(Date.parse(text))

function instructionsOf({ instructedW, instructions }: SettlementInput) {
  const whole = Object.entries(instructedW).map(([from, watts]) => {
    const to = instantOf(from).plusSeconds(900).toString()
    return { product: 'A' as const, plannedAt: from, from, to, turnDownW: watts, outcome: 'accepted' as const }
  })
  return [...whole, ...instructions].flatMap(({ from, to, ...given }, i) =>
    inQuarterHours([{ from: instantOf(from), to: instantOf(to), turnDownW: given.turnDownW }]).map((part) => ({
      ...given,
      instructionId: `i${i}`,
      fuId: 'fu',
      revision: i + 1,
      state: given.outcome === 'accepted' ? ('ended' as const) : ('expired' as const),
      acknowledgedAt: given.outcome === 'accepted' ? instantOf(given.plannedAt) : null,
      plannedAt: instantOf(given.plannedAt),
      fromAt: part.from,
      toAt: part.to,
    })),
  )
}

function submissionsOf({ day, submissions }: SettlementInput) {
  const date = LocalDate.parse(day)
  return submissions.map(({ kind, direction, submittedAt, values }, i) => ({
    fuId: 'fu',
    tradingDay: date,
    kind,
    direction,
    revision: i + 1,
    resolution: 'PT15M' as const,
    values: stepsOn(date, values).map((value) => value ?? 0),
    submittedAt: instantOf(submittedAt),
    submittedBy: 'fsp',
  }))
}

/** The value of each quarter-hour of a day, from local midnight. */
function stepsOn<Value>(day: LocalDate, given: readonly (readonly [string, Value])[]): (Value | null)[] {
  return periodStarts(day, 'PT15M').map((start) => {
    const time = localTimeOf(start).toLocalTime().toString().slice(0, 5)
    return given.findLast(([at]) => at <= time)?.[1] ?? null
  })
}

/** Energies per quarter-hour from local midnight, by epoch day. */
function energiesOf(given: z.infer<typeof days>): Map<number, (number | null)[]> {
  const found = new Map<number, (number | null)[]>()
  for (const [span, own] of Object.entries(given)) {
    const [from = '', to = from] = span.split('/')
    const end = LocalDate.parse(to)
    for (let day = LocalDate.parse(from); !day.isAfter(end); day = day.plusDays(1))
      found.set(day.toEpochDay(), stepsOn(day, own))
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

import { Instant, LocalDate } from '@js-joda/core'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { FlexibleUnit } from '../../../../schemas/market/parties.ts'
import { paymentSettings } from '../../../../schemas/settings/payment.ts'
import type { SettlementTerms } from '../../../../schemas/settlement/statements.ts'
import { dayStart, periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { type Direction, weekday } from '../../../../schemas/vocabulary/units.ts'
import { historyOf } from '../../baselines/histories.ts'
import type { MeteredDay } from '../../metering/days/index.ts'
import { quartersOfUnit, type Reading } from '../../metering/days/sum-rules.ts'
import { defaultTerms } from '../../payments/index.ts'
import { clearedOf } from '../../statements/lines/cleared.ts'
import { rememberedPeriods } from '../../statements/lines/contracted.ts'
import { settledContract } from '../../statements/lines/line.ts'
import { inOrder, linesOfUnit } from '../../statements/lines/lines.ts'
import { offersOf } from '../../statements/lines/offers.ts'
import { sitesOf } from '../../statements/lines/sites.ts'
import { historyDays, type NaiveContract, type NaiveMarket, type NaiveUnit } from './naive-site.ts'

const at = (ms: number) => Instant.ofEpochMilli(ms)
const hundredths = (price: number) => (price / 100).toFixed(2)
const clock = (quarter: number) =>
  `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`

/** The program's lines of a market, by unit. */
export function settledMarket(market: NaiveMarket) {
  const { first, last, units } = market
  const now = dayStart(last.plusDays(2))
  const contracted = rememberedPeriods()
  const contracts = units.flatMap((unit) => unit.contracts.map((own) => contractOf(unit, own)))
  const terms = new Map(units.flatMap((unit) => unit.contracts.map((own) => [own.id, termsOf(own)] as const)))
  const rules = new Map(units.flatMap((unit) => unit.contracts.map((own) => [own.id, own.rule] as const)))
  const nodes = new Map(units.flatMap((unit) => unit.contracts.map((own) => [own.id, own.node] as const)))
  const periods = units.flatMap(periodsOf)
  const offers = offersOf(units.flatMap(submittedBy).sort((a, b) => a.revision - b.revision))
  const byUnit = Map.groupBy(periods, (period) => period.fuId)
  const histories = new Map(units.map((unit) => [unit.id, historyOfUnit(unit, market, byUnit.get(unit.id) ?? [])]))
  const sites = sitesOf({
    // No connection capacity of these sites is below what was agreed.
    siteTerms: new Map(
      ['s0', 's1'].flatMap((site) => {
        const [limitW, exportW = null] = [market.limitW.get(site), market.exportW.get(site)]
        if (limitW === undefined && exportW === null) return []
        const agreements = limitW === undefined ? [] : [agreed(market, limitW)]
        return [
          [site, { ascKva: 1e6, exportKva: exportW === null ? null : exportW / 1_000, powerFactor: 1, agreements }],
        ]
      }),
    ),
    units: units.map(flexibleUnit),
    contracts,
    terms,
    contracted,
    members: { on: (fuId) => ({ ders: 1, ratedW: units.find((unit) => unit.id === fuId)?.maxW ?? 0 }) },
    halfHours: market.siteWh,
  })
  const inputs = {
    histories,
    contracted,
    offers,
    figures: paymentSettings.defaults,
    cleared: clearedOf({ contracts, nodes, periods, offers, contracted }),
    ders: () => 1,
    inService: (fuId: string, from: Instant) =>
      !units.find((unit) => unit.id === fuId)?.outOfService.has(from.toEpochMilli()),
    capabilityW: (fuId: string) => units.find((unit) => unit.id === fuId)?.maxW ?? 0,
    site: (fuId: string, from: Instant, baselineWh: number | null, way: Direction) =>
      sites.at(fuId, from, baselineWh, histories, way),
  }
  return new Map(
    units.map((unit) => {
      const own = contracts
        .filter((contract) => contract.fuId === unit.id)
        .map((contract) => {
          const rule = rules.get(contract.contractId) ?? 'contract'
          const agreedOn = terms.get(contract.contractId) ?? defaultTerms
          return settledContract(contract, agreedOn, inputs, now, first, last, rule)
        })
      return [unit.id, linesOfUnit(own, inputs, now, first, last).sort(inOrder)] as const
    }),
  )
}

function contractOf(unit: NaiveUnit, own: NaiveContract): Contract {
  // Every second one stands without a tender.
  const isStanding = own.prices[0] % 2 === 0
  return {
    contractId: own.id,
    tenderId: isStanding ? null : 't',
    reference: isStanding ? 'Framework' : null,
    fspId: 'f',
    fspName: 'F',
    fuId: unit.id,
    fuName: unit.id,
    product: own.product,
    direction: 'turn-down',
    turnDownW: own.turnDownW,
    availabilityGbpPerMwH: hundredths(own.prices[0]),
    utilisationGbpPerMwh: hundredths(own.prices[1]),
    validFrom: own.from.toString(),
    validTo: own.to.toString(),
    windows: own.windows.map(([from, to]) => {
      return { weekdays: [...weekday.options], from: clock(from), to: clock(to), requiredW: own.turnDownW }
    }),
    baselineMethod: 'recent-history',
    baselineFallback: 'nominated',
    releasedDays: [],
    awardedAt: at(own.awardedAt).toString(),
    awardedBy: 'sam',
  }
}

function termsOf({ terms: { method, fallback, ...rest } }: NaiveContract): SettlementTerms {
  return { ...defaultTerms, ...rest, baselineMethod: method, baselineFallback: fallback }
}

function periodsOf(unit: NaiveUnit) {
  return unit.instructions.map((one) => ({
    instructionId: 'i',
    fuId: unit.id,
    state: 'ended' as const,
    product: one.product,
    outcome: one.outcome,
    plannedAt: at(one.plannedAt),
    revision: one.revision,
    turnDownW: one.turnDownW,
    acknowledgedAt: one.outcome === 'accepted' ? at(one.plannedAt) : null,
    fromAt: at(one.from),
    toAt: at(one.to),
  }))
}

function submittedBy(unit: NaiveUnit) {
  return unit.submissions.map((one) => ({
    fuId: unit.id,
    tradingDay: one.day,
    kind: one.kind,
    revision: one.revision,
    resolution: 'PT15M' as const,
    values: one.kind === 'cost' ? one.values.map(hundredths) : one.values,
    submittedAt: at(one.receivedAt),
    submittedBy: 'f',
    direction: 'turn-down' as const,
  }))
}

function historyOfUnit(unit: NaiveUnit, { first, last }: NaiveMarket, periods: ReturnType<typeof periodsOf>) {
  const readings = unit.meters.flatMap(({ id, minutes, readings: own }) =>
    [...own].map(([ms, { wh, isEstimated }]): Reading => {
      const quality = isEstimated ? 'estimated' : 'measured'
      return { meterId: id, source: 'upload', periodStart: at(ms), minutes, revision: 1, energyWh: wh, quality }
    }),
  )
  const memberships = unit.meters.map(({ id, from, until }) => ({ meterId: id, fromMs: from, untilMs: until }))
  const quarters = quartersOfUnit(readings, memberships)
  const days = new Map<number, MeteredDay>()
  for (let day = first.minusDays(historyDays); !day.isAfter(last); day = day.plusDays(1)) {
    const own = periodStarts(day, 'PT15M').map((start) => quarters.get(start.toEpochMilli()))
    days.set(day.toEpochDay(), {
      energyWh: own.map((quarter) => quarter?.energyWh ?? null),
      revisions: own.map((quarter) => quarter?.revision ?? 0),
      sources: null,
      marks: own.map((quarter) => quarter?.marks ?? null),
    })
  }
  const nominated = new Map(
    Object.entries(unit.nominated).map(([day, energyWh]) => [LocalDate.parse(day).toEpochDay(), energyWh]),
  )
  const spans = [...unit.otherEvents].map((q) => ({ fromAt: at(q), toAt: at(q + 900_000) }))
  return historyOf(days, periods, nominated, { spans, canExport: false })
}

function agreed({ first, last }: NaiveMarket, limitW: number) {
  const whole = [{ from: '00:00', limitW }]
  return {
    version: 1,
    validFrom: first,
    validTo: last,
    fallbackLimitW: null,
    limits: { weekday: whole, weekend: whole },
  }
}

function flexibleUnit({ id, site, maxW, isWholeSite }: NaiveUnit): FlexibleUnit {
  return {
    fuId: id,
    fspId: 'f',
    name: id,
    derIds: [],
    connectionId: site,
    nodeId: 'n0',
    groupId: null,
    maxTurnDownW: maxW,
    registeredTurnDownW: maxW,
    maxTurnUpW: 0,
    registeredTurnUpW: 0,
    directions: ['turn-down'],
    canExport: false,
    limits: null,
    isWholeSite,
    inService: true,
  }
}

import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { FlexibleUnit } from '../../../../schemas/market/parties.ts'
import type { SettlementTerms } from '../../../../schemas/settlement/statements.ts'
import { Money } from '../../../../schemas/vocabulary/money.ts'
import { dayEnd, dayStart, tradingDayOf } from '../../../../schemas/vocabulary/time.ts'
import { type Direction, signOf } from '../../../../schemas/vocabulary/units.ts'
import {
  agreedTermsOf,
  type ConnectionTerms,
  type DynamicSpan,
  dynamicAt,
  dynamicSpans,
  exportLimitInForce,
  limitAt,
  limitInForce,
  localMoment,
  nothingImposed,
  siteHalfHours,
} from '../../../grid/index.ts'
import { listContracts, listFlexibleUnits, membersBetween } from '../../../market/index.ts'
import type { UnitHistory } from '../../baselines/index.ts'
import { defaultTerms, termsOfContracts } from '../../payments/index.ts'
import { byAward, type ContractedPeriods } from './contracted.ts'
import { type DayBaseline, dayBaseline } from './month-rules.ts'
import type { ExportQuarter, SiteQuarter } from './site-rules.ts'

/** The sites of FUs whose connections have agreed or dynamic limits, or a stated export capacity, with every FU at them. */
export interface Sites {
  /** FUs at those connections, also those of other FSPs. */
  units: readonly FlexibleUnit[]
  /** The site of an FU in a quarter-hour; `null` without such a limit, or without a baseline of the FU. */
  at(
    fuId: string,
    from: Instant,
    baselineWh: number | null,
    histories: ReadonlyMap<string, UnitHistory>,
    way: Direction,
  ): SiteQuarter | null
}

const noSites: Sites = { units: [], at: () => null }

/** Reads limits, site measurements and the FUs that share them; nothing but the agreements where there are none. */
export async function loadSites(
  tx: Queryable,
  at: Instant,
  units: readonly FlexibleUnit[],
  [first, last]: readonly [LocalDate, LocalDate],
  contracted: ContractedPeriods,
): Promise<Sites> {
  const connectionIds = [...new Set(units.flatMap(({ connectionId }) => connectionId ?? []))]
  const dynamic = await dynamicSpans(tx, connectionIds, dayStart(first), dayEnd(last))
  const siteTerms = new Map([
    ...(await agreedTermsOf(tx, connectionIds, { withExportLimit: true })),
    ...(await agreedTermsOf(tx, [...dynamic.keys()], { withoutAgreement: true })),
  ])
  const limited = [...siteTerms.keys()]
  if (limited.length === 0) return noSites
  const all = await listFlexibleUnits(tx, at, { connectionIds: limited })
  const fuIds = all.map((unit) => unit.fuId)
  const contracts = await listContracts(tx, { fuIds, from: first, to: last })
  const terms = await termsOfContracts(
    tx,
    contracts.map((c) => c.contractId),
  )
  const members = await membersBetween(tx, fuIds, first, last)
  const halfHours = await siteHalfHours(tx, limited, dayStart(first), dayEnd(last))
  return sitesOf({ siteTerms, units: all, contracts, terms, contracted, members, halfHours, dynamic })
}

/** What is known of sites: everything at their connections, and what was measured there. */
export interface SiteFacts extends Omit<Agreed, 'contracts'> {
  /** What limits each site, by connection; those without an agreed or dynamic limit or an export capacity are missing. */
  siteTerms: ReadonlyMap<string, ConnectionTerms>
  units: readonly FlexibleUnit[]
  /** Contracts of all those FUs. */
  contracts: readonly Contract[]
  /** Measured load of the sites, Wh by connection and start of the half-hour, epoch ms. */
  halfHours: ReadonlyMap<string, ReadonlyMap<number, number>>
  /** The dynamic limits of the sites, by connection. */
  dynamic?: ReadonlyMap<string, readonly DynamicSpan[]>
}

/** The sites of some FUs, from what was read. */
export function sitesOf({ siteTerms, units, contracts, halfHours, dynamic, ...agreed }: SiteFacts): Sites {
  const byFu = Map.groupBy(contracts.toSorted(byAward), (contract) => contract.fuId)
  const unitOf = new Map(units.map((unit) => [unit.fuId, unit]))
  const byConnection = Map.groupBy(units, (unit) => unit.connectionId)
  const baselines: Baselines = new Map()
  return {
    units,
    at(fuId, from, baselineWh, histories, way) {
      const unit = unitOf.get(fuId)
      const own = unit?.connectionId ? siteTerms.get(unit.connectionId) : undefined
      if (!unit?.connectionId || !own || baselineWh === null) return null
      const moment = localMoment(from)
      const dynamicW = dynamicAt(dynamic?.get(unit.connectionId), from.toEpochMilli())
      // What a dispatch implies is not among them: it is what is being paid for.
      const limit = limitInForce(own, moment, { ...nothingImposed, dynamicW })
      // Without an agreement the ASC is what the connection may import anyway; it gave nothing up for it.
      const isAgreed = limit.source !== 'asc' || limitAt(own, moment).source !== 'asc'
      const exportLimit = way === 'turn-down' ? exportLimitInForce(own) : null
      if (!isAgreed && !exportLimit) return null
      const baselineOf = (other: FlexibleUnit) =>
        other === unit
          ? baselineWh
          : baselineAt(other, from, histories.get(other.fuId), {
              ...agreed,
              baselines,
              contracts: byFu.get(other.fuId) ?? [],
            })
      const sharing = (byConnection.get(unit.connectionId) ?? []).flatMap((other) => sharerOf(other, baselineOf(other)))
      return {
        limitWh: isAgreed ? limit.limitW / 4 : null,
        restWh: restWh(sharing, from, histories, halfHours.get(unit.connectionId)),
        // What exports takes no share of an import limit, but leaves room for what is turned up.
        baselinesWh: sumWh(sharing, ({ baselineWh: wh }) => (way === 'turn-up' ? wh : Math.max(0, wh))),
        ...(way === 'turn-up' ? { turnUpWh: acceptedWh(sharing, from, histories, way) } : {}),
        ...(exportLimit ? { export: exportQuarter(exportLimit.limitW, sharing, from, histories) } : {}),
      }
    },
  }
}

interface Sharer {
  unit: FlexibleUnit
  baselineWh: number
}

/** An FU without a baseline has no share; its load is part of the rest. */
function sharerOf(unit: FlexibleUnit, baselineWh: number | null): Sharer[] {
  return baselineWh === null ? [] : [{ unit, baselineWh }]
}

function sumWh(sharing: readonly Sharer[], of: (sharer: Sharer) => number): number {
  return sharing.reduce((sum, each) => sum.plus(of(each)), new Money(0)).toNumber()
}

/** What FUs accepted in a direction in a quarter-hour, Wh. */
function acceptedWh(
  sharing: readonly Sharer[],
  from: Instant,
  histories: ReadonlyMap<string, UnitHistory>,
  way: Direction,
): number {
  const q = from.toEpochMilli()
  return sharing
    .reduce((sum, { unit }) => {
      const watts = signOf(way) * (histories.get(unit.fuId)?.instructedW.get(q) ?? 0)
      return watts > 0 ? sum.plus(watts) : sum
    }, new Money(0))
    .div(4)
    .toNumber()
}

function exportQuarter(
  limitW: number,
  sharing: readonly Sharer[],
  from: Instant,
  histories: ReadonlyMap<string, UnitHistory>,
): ExportQuarter {
  return {
    limitWh: limitW / 4,
    baselinesWh: sumWh(sharing, ({ baselineWh }) => baselineWh),
    turnDownWh: acceptedWh(sharing, from, histories, 'turn-down'),
  }
}

/** Baselines of days, by FU, contract and epoch day: the quarter-hours of a day share one. */
type Baselines = Map<string, DayBaseline>

interface Agreed {
  contracts: readonly Contract[]
  terms: ReadonlyMap<string, SettlementTerms>
  contracted: ContractedPeriods
  members: Pick<Awaited<ReturnType<typeof membersBetween>>, 'on'>
}

/** The baseline of another FU of the site: by its contract for the quarter-hour, otherwise by the default terms. */
function baselineAt(
  unit: FlexibleUnit,
  from: Instant,
  history: UnitHistory | undefined,
  { contracts, terms, contracted, members, baselines }: Agreed & { baselines: Baselines },
): number | null {
  if (!history) return null
  const day = tradingDayOf(from)
  const contract = contracts.find((each) => contracted(each, day).some((start) => start.equals(from)))
  const own = terms.get(contract?.contractId ?? '') ?? defaultTerms
  const key = `${unit.fuId} ${contract?.contractId} ${day.toEpochDay()}`
  const baseline = baselines.get(key) ?? dayBaseline(history, own, day, members.on(unit.fuId, day).ders)
  baselines.set(key, baseline)
  return baseline.energyWh.get(from.toEpochMilli()) ?? null
}

const halfHourMs = 1_800_000

/**
 * The load of a site without the FUs that share its limit, Wh per quarter-hour: that of the half-hour, spread evenly. A whole site has
 * nothing else; without a measurement of the site, or of one of the FUs, it is not known.
 */
function restWh(
  sharing: readonly Sharer[],
  from: Instant,
  histories: ReadonlyMap<string, UnitHistory>,
  measured: ReadonlyMap<number, number> | undefined,
): number | null {
  if (sharing.length === 1 && sharing[0]?.unit.isWholeSite) return 0
  const start = Math.floor(from.toEpochMilli() / halfHourMs) * halfHourMs
  const siteWh = measured?.get(start)
  if (siteWh === undefined) return null
  let rest = new Money(siteWh)
  for (const { unit } of sharing) {
    const series = histories.get(unit.fuId)?.series(tradingDayOf(from))
    for (const q of [start, start + halfHourMs / 2]) {
      const meteredWh = series?.get(q)
      if (meteredWh === undefined) return null
      rest = rest.minus(meteredWh)
    }
  }
  return rest.div(2).toNumber()
}

import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { FlexibleUnit } from '../../../../schemas/market/parties.ts'
import { type PaymentFigures, paymentSettings } from '../../../../schemas/settings/payment.ts'
import { dayEnd, dayStart } from '../../../../schemas/vocabulary/time.ts'
import type { Direction } from '../../../../schemas/vocabulary/units.ts'
import { figuresAt } from '../../../kit/index.ts'
import { listFlexibleUnits, membersBetween, serviceHistory } from '../../../market/index.ts'
import { readHistories, type UnitHistory } from '../../baselines/index.ts'
import type { Reader } from '../../metering/days/index.ts'
import { loadCleared } from './cleared.ts'
import { type ContractedPeriods, rememberedPeriods } from './contracted.ts'
import { loadOffers, type Offers } from './offers.ts'
import { inServiceThroughout } from './service.ts'
import type { SiteQuarter } from './site-rules.ts'
import { loadSites } from './sites.ts'

/** The inputs of the lines of FUs in a month. */
export interface MonthInputs {
  histories: Map<string, UnitHistory>
  /** Starts of the quarter-hours of a day that a contract covers. */
  contracted: ContractedPeriods
  /** Number of DERs of an FU on a day. */
  ders(fuId: string, day: LocalDate): number
  /** The most that an FU can go in a direction on a day, by its registration and its DERs of that day, W. */
  capabilityW(fuId: string, day: LocalDate, way: Direction): number
  /** Whether an FU was in service throughout a quarter-hour, as declared by then. */
  inService(fuId: string, from: Instant): boolean
  offers: Offers
  /** The site of an FU in a quarter-hour, if a limit was agreed for its connection; `null` without one, or without a baseline. */
  site(fuId: string, from: Instant, baselineWh: number | null, way: Direction): SiteQuarter | null
  /** The dearest accepted price of the node that a contract serves, in a quarter-hour; `null` if nothing was accepted there. */
  cleared(contract: Contract, from: Instant): string | null
  figures: PaymentFigures
}

/** What the inputs of a month are read for. */
interface MonthOptions {
  withNominations: boolean
  contracted?: ContractedPeriods
  reader?: Reader
  figures?: PaymentFigures
  /** Contracts that are paid as clear: the prices of their nodes are read too. */
  clearing?: readonly Contract[]
}

/** Reads all inputs in a few queries, however many FUs and days. */
export async function loadMonth(
  tx: Queryable,
  at: Instant,
  fuIds: string[],
  first: LocalDate,
  last: LocalDate,
  options: MonthOptions,
): Promise<MonthInputs> {
  const { withNominations, contracted = rememberedPeriods(), reader = null } = options
  const figures = options.figures ?? (await figuresAt(tx, paymentSettings, dayStart(first.withDayOfMonth(1))))
  const units = await listFlexibleUnits(tx, at, { fuIds })
  const readSites = async () => {
    const sites = await loadSites(tx, at, units, [first, last], contracted)
    const all = [...new Set([...fuIds, ...sites.units.map((unit) => unit.fuId)])]
    return { sites, histories: await readHistories(tx, all, first, last, { reader, withNominations }) }
  }
  // All at once: the connection takes the next question while PostgreSQL answers the last.
  const [{ sites, histories }, service, members, offers, cleared] = await Promise.all([
    readSites(),
    serviceHistory(tx, fuIds, dayEnd(last)),
    membersBetween(tx, fuIds, first, last),
    loadOffers(tx, fuIds, first, last),
    loadCleared(tx, options.clearing ?? [], [first, last], contracted),
  ])
  const unitOf = new Map(units.map((unit) => [unit.fuId, unit]))
  return {
    histories,
    contracted,
    offers,
    cleared,
    figures,
    ders: (fuId, day) => members.on(fuId, day).ders,
    capabilityW: (fuId, day, way) => Math.min(registeredW(unitOf.get(fuId), way), members.on(fuId, day).ratedW),
    inService: (fuId, from) => inServiceThroughout(service.get(fuId) ?? [], from),
    site: (fuId, from, baselineWh, way) => sites.at(fuId, from, baselineWh, histories, way),
  }
}

function registeredW(unit: FlexibleUnit | undefined, way: Direction): number {
  return (way === 'turn-up' ? unit?.registeredTurnUpW : unit?.registeredTurnDownW) ?? 0
}

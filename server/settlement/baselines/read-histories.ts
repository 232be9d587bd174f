import { type Instant, LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { isWorkingDay } from '../../../platform/calendar/index.ts'
import { idList, type Queryable } from '../../../platform/db/index.ts'
import { baselineSettings } from '../../../schemas/settings/baselines.ts'
import type { Country } from '../../../schemas/vocabulary/country.ts'
import { dayEnd, dayStart, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import {
  type InstructedPeriod,
  instructedPeriods,
  limitedSpans,
  type UnitSpan,
  unknownSpans,
} from '../../dispatch/index.ts'
import { figuresAt } from '../../kit/index.ts'
import { authorisedDays, serviceSpans, submissionsBetween, unitsThatExport } from '../../market/index.ts'
import { type MeteredDay, meteredDaysFor, type Reader } from '../metering/days/index.ts'
import { historyOf, type UnitHistory } from './histories.ts'
import { type DayEnergies, isWhole, type LookBack } from './rules.ts'

interface ReadOptions {
  /** Sees no metered day, also in the weeks before, that is not his to see. */
  reader: Reader
  asOf?: Instant | undefined
  withNominations?: boolean
  /** In place of the setting's. */
  fewestDays?: number
}

/** Reads what the baselines of FUs from `first` to `last` need, in a few queries however many FUs and days. */
export async function readHistories(
  tx: Queryable,
  fuIds: string[],
  first: LocalDate,
  last: LocalDate,
  options: ReadOptions,
): Promise<Map<string, UnitHistory>> {
  const { reader, asOf } = options
  // A month is settled by the figures in force as it began, however often it is settled again.
  const inForce = await figuresAt(tx, baselineSettings, dayStart(first.withDayOfMonth(1)))
  const lookBack = { ...inForce, fewestDays: options.fewestDays ?? inForce.fewestDays }
  // The in-day adjustment reaches into the day before, which has a baseline of its own.
  const before = first.minusDays(1)
  const usual = before.minusDays(lookBack.usualLookBackDays)
  const read = await readSpan(tx, fuIds, usual, last, options)
  const eventDays = eventDaysOf(read)
  const countries = await countriesOf(tx, fuIds)
  const shortOf = fuIds.filter((fuId) =>
    isShort(read.days.get(fuId), eventDays.get(fuId), {
      from: before,
      to: last,
      lookBack,
      country: countries.get(fuId) ?? 'ENG',
    }),
  )
  // Few FUs need the long look-back, so it is read for those alone.
  if (shortOf.length > 0) {
    const earlier = await readSpan(
      tx,
      shortOf,
      before.minusDays(lookBack.longestLookBackDays),
      usual.minusDays(1),
      options,
    )
    for (const [fuId, days] of earlier.days) for (const [day, metered] of days) read.days.get(fuId)?.set(day, metered)
    read.periods.push(...earlier.periods)
    read.spans.push(...earlier.spans)
  }
  const [nominated, exporting] = await Promise.all([
    options.withNominations ? nominations(tx, fuIds, before, last, asOf) : noNominations,
    unitsThatExport(tx, fuIds, { first: before, last }),
    reader === null ? leaveOutUnauthorised(tx, read.days, first) : undefined,
  ])
  const periods = Map.groupBy(read.periods, (period) => period.fuId)
  const spans = Map.groupBy(read.spans, (span) => span.fuId)
  return new Map(
    fuIds.map((fuId) => {
      const country = countries.get(fuId) ?? 'ENG'
      const events = { spans: spans.get(fuId) ?? [], canExport: exporting.has(fuId), lookBack, country }
      return [fuId, historyOf(read.days.get(fuId) ?? new Map(), periods.get(fuId) ?? [], nominated.get(fuId), events)]
    }),
  )
}

/** Whose bank holidays hold for FUs: those of the licence area of the node that they are behind. */
async function countriesOf(tx: Queryable, fuIds: readonly string[]): Promise<Map<string, Country>> {
  const rows = await tx.execute<{ fu_id: string; country: Country }>(sql`
    select u.fu_id, a.country from flexible_unit u
    join network_node n on n.node_id = u.node_id join licence_area a on a.code = n.licence_area
    where u.fu_id in ${idList(fuIds)}`)
  return new Map(rows.map((row) => [row.fu_id, row.country]))
}

const noNominations: ReadonlyMap<string, Map<number, DayEnergies>> = new Map()

/** What is stored of FUs over some days: their metered days, and what may have changed their load. */
interface StoredSpan {
  days: Map<string, Map<number, MeteredDay>>
  periods: InstructedPeriod[]
  /** Events besides accepted instructions. */
  spans: UnitSpan[]
}

async function readSpan(
  tx: Queryable,
  fuIds: string[],
  first: LocalDate,
  last: LocalDate,
  { reader, asOf }: ReadOptions,
): Promise<StoredSpan> {
  const span = { fuIds, from: dayStart(first), to: dayEnd(last) }
  const [days, periods, ...spans] = await Promise.all([
    meteredDaysFor(tx, reader, fuIds, first, last, asOf),
    instructedPeriods(tx, span),
    unknownSpans(tx, span),
    limitedSpans(tx, span),
    serviceSpans(tx, span),
  ])
  return { days, periods, spans: spans.flat() }
}

/** The most comparable days that any method asks for. */
const mostDays = 10

/** Whether some day from `from` to `to` may find too few comparable days in the usual look-back. Errs on the side of reading more. */
function isShort(
  days: ReadonlyMap<number, MeteredDay> | undefined,
  events: ReadonlySet<number> | undefined,
  { from, to, lookBack, country }: { from: LocalDate; to: LocalDate; lookBack: LookBack; country: Country },
): boolean {
  const countable = [...(days ?? [])].flatMap(([day, { energyWh, marks }]) =>
    !events?.has(day) && !marks?.some((own) => own?.includes('estimated')) && isWhole(energyWh)
      ? [{ day, isWorking: isWorkingDay(LocalDate.ofEpochDay(day), country) }]
      : [],
  )
  for (let day = from.toEpochDay(); day <= to.toEpochDay(); day++) {
    const window = countable.filter((each) => each.day < day && each.day >= day - lookBack.usualLookBackDays)
    const working = window.filter((each) => each.isWorking).length
    if (working < mostDays || window.length - working < mostDays) return true
  }
  return false
}

/** Epoch days with an event, by FU. */
function eventDaysOf({ periods, spans }: StoredSpan): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>()
  const note = ({ fuId, fromAt, toAt }: UnitSpan) => {
    const own = found.get(fuId) ?? new Set()
    found.set(fuId, own)
    const lastDay = tradingDayOf(toAt.minusMillis(1)).toEpochDay()
    for (let day = tradingDayOf(fromAt).toEpochDay(); day <= lastDay; day++) own.add(day)
  }
  for (const period of periods) if (period.turnDownW !== 0) note(period)
  spans.forEach(note)
  return found
}

/** Settlement looks back over every stored day, but from its first day on counts only those with authority (SEC03). */
async function leaveOutUnauthorised(
  tx: Queryable,
  metered: ReadonlyMap<string, Map<number, MeteredDay>>,
  first: LocalDate,
): Promise<void> {
  const authorised = await authorisedDays(tx, [...metered.keys()])
  for (const [fuId, days] of metered)
    for (const day of days.keys())
      if (day >= first.toEpochDay() && !authorised.on(fuId, LocalDate.ofEpochDay(day))) days.delete(day)
}

/** Baseline schedules that FSPs submitted, as energy per quarter-hour, by FU and epoch day. */
async function nominations(
  tx: Queryable,
  fuIds: string[],
  first: LocalDate,
  last: LocalDate,
  asOf: Instant | undefined,
): Promise<Map<string, Map<number, DayEnergies>>> {
  const found = new Map<string, Map<number, DayEnergies>>()
  const filter = { fuIds, kinds: ['baseline' as const], ...(asOf ? { asOf } : {}) }
  for (const row of await submissionsBetween(tx, first, last, filter)) {
    const quarters = row.resolution === 'PT30M' ? row.values.flatMap((w) => [w, w]) : row.values
    const own = found.get(row.fuId) ?? new Map<number, DayEnergies>()
    const energies = quarters.map((w) => (w === null ? null : Number(w) / 4))
    found.set(row.fuId, own.set(row.tradingDay.toEpochDay(), energies))
  }
  return found
}

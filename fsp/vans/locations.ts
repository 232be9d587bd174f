import { type Instant, YearMonth } from '@js-joda/core'
import { and, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import { localTimeOf, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { FspContext } from '../app/context.ts'
import type { Sighting } from '../feeds/index.ts'
import { vanOf, vansOf } from './rules/homes.ts'
import { homeOf, nightHours, placeOf } from './rules/nights.ts'
import { homeLocation, vehicleNight } from './tables.ts'

/** Nights are kept until their month has been computed and could be disputed, days. */
const keptDays = 100

/** Notes in which area vans stand at night. The positions themselves are not kept. */
export async function noteSightings(
  { registers }: Pick<FspContext, 'registers'>,
  tx: Queryable,
  sightings: readonly Sighting[],
): Promise<void> {
  const { areas, excludedPlaces } = registers.now()
  const counts = new Map<string, typeof vehicleNight.$inferInsert>()
  for (const { vehicleId, at, latitude, longitude } of sightings) {
    const night = nightOf(at)
    const placed = night === null ? null : placeOf({ latitude, longitude }, areas, excludedPlaces)
    if (night === null || !placed) continue
    const key = `${vehicleId} ${night} ${placed.place}`
    const before = counts.get(key)
    counts.set(key, { vehicleId, night, ...placed, readings: (before?.readings ?? 0) + 1 })
  }
  const rows = [...counts.values()]
  for (let i = 0; i < rows.length; i += 5_000)
    await tx
      .insert(vehicleNight)
      .values(rows.slice(i, i + 5_000))
      .onConflictDoUpdate({
        target: [vehicleNight.vehicleId, vehicleNight.night, vehicleNight.place],
        set: { readings: sql`${vehicleNight.readings} + excluded.readings` },
      })
}

/** The local day on which the night of an instant began; `null`: it is day. */
function nightOf(at: Instant): string | null {
  const hour = localTimeOf(at).hour()
  if (hour >= nightHours.from) return tradingDayOf(at).toString()
  return hour < nightHours.to ? tradingDayOf(at).minusDays(1).toString() : null
}

/** Computes the homes of the month before an instant's, once, and forgets nights that are old. */
export async function computeHomes(context: FspContext, at: Instant): Promise<void> {
  const { db, registers } = context
  const month = YearMonth.from(tradingDayOf(at)).minusMonths(1)
  const [known] = await db.select().from(homeLocation).where(eq(homeLocation.month, month.toString())).limit(1)
  if (!known) {
    const [first, next] = [month.atDay(1).toString(), month.plusMonths(1).atDay(1).toString()]
    const nights = await db
      .select()
      .from(vehicleNight)
      .where(and(gte(vehicleNight.night, first), lt(vehicleNight.night, next)))
    const endOfMonth = registers.at(at)
    const rows = [...Map.groupBy(nights, ({ vehicleId }) => vehicleId)].map(([vehicleId, own]) => ({
      vehicleId,
      month: month.toString(),
      driverId: vanOf(endOfMonth, vehicleId)?.driverId ?? null,
      ...homeOf(own),
      computedAt: at,
    }))
    for (let i = 0; i < rows.length; i += 5_000)
      await db
        .insert(homeLocation)
        .values(rows.slice(i, i + 5_000))
        .onConflictDoNothing()
  }
  await db.delete(vehicleNight).where(lt(vehicleNight.night, tradingDayOf(at).minusDays(keptDays).toString()))
}

/** The homes of a unit's vans in a month, beside what the register says of each driver's home. */
export async function homeLocationsOf({ db, registers }: FspContext, depotId: string, month: string) {
  const snapshot = registers.now()
  const vans = new Map(vansOf(snapshot, depotId).map((van) => [van.vehicleId, van]))
  if (vans.size === 0) return []
  const rows = await db
    .select()
    .from(homeLocation)
    .where(and(eq(homeLocation.month, month), inArray(homeLocation.vehicleId, [...vans.keys()])))
    .orderBy(homeLocation.vehicleId)
  return rows.map(({ computedAt, ...row }) => ({
    ...row,
    registeredLsoa: vans.get(row.vehicleId)?.home?.lsoa ?? null,
    computedAt: computedAt.toString(),
  }))
}

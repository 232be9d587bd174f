import { Instant, LocalDate } from '@js-joda/core'
import { and, asc, eq, gte, inArray, lt, lte } from 'drizzle-orm'
import type { RefusedBecause, ReimbursedCharge } from '../../schemas/fsp/payroll.ts'
import { formatGbp, Money } from '../../schemas/vocabulary/money.ts'
import { dayStart, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { FspContext } from '../app/context.ts'
import { chargingTransaction, type Units } from '../chargepoints/index.ts'
import { vehicleOf } from '../registers/index.ts'
import { vehicleNight } from '../vans/index.ts'
import { vehicleReading } from '../vehicles/index.ts'
import { type HomeCharge, type Match, matchCharge } from './rules/match.ts'

type Row = typeof chargingTransaction.$inferSelect

/** Readings so long before and after a charge are looked at, ms. */
const aroundMs = 12 * 3_600_000

const inWords: Readonly<Record<RefusedBecause, string>> = {
  'unknown-van': 'The token belongs to no van that is registered.',
  'no-driver': 'Nobody is registered as the driver of the van at that time.',
  'not-own-home': 'The charge point is not that of the driver’s home.',
  'place-not-reported': 'The telematics of the van do not say where it stood that night.',
  elsewhere: 'The telematics of the van saw it in another area that night.',
  'charge-not-reported': 'The telematics of the van have no state of charge before or after the charge.',
  'driven-meanwhile': 'The van was driven while it is said to have charged.',
  'energy-differs': 'The battery gained another energy than the charge point counted.',
}

/** The charges at homes that ended in a month, each matched with the van's telematics (L10, L11). */
export async function reimbursedCharges(
  context: FspContext,
  units: Units,
  given: { depotIds: readonly string[]; month: string; pencePerKwh: number },
): Promise<ReimbursedCharge[]> {
  const identities = given.depotIds.flatMap((id) => units.connectorsOf(id).map(({ unit }) => unit.identity))
  if (identities.length === 0) return []
  const first = LocalDate.parse(`${given.month}-01`)
  const [from, to] = [dayStart(first), dayStart(first.plusMonths(1))]
  const { identity, stopAt, transactionId } = chargingTransaction
  const rows = await context.db
    .select()
    .from(chargingTransaction)
    .where(and(inArray(identity, [...new Set(identities)]), gte(stopAt, from), lt(stopAt, to)))
    .orderBy(stopAt, transactionId)
  const charges: ReimbursedCharge[] = []
  for (const row of rows) {
    const charge = chargeOf(row)
    const found = await matchOf(context, row, charge)
    charges.push(viewOf(row, charge, found, given.pencePerKwh))
  }
  return charges
}

function chargeOf({ startAt, stopAt, startWh, stopWh }: Row): HomeCharge {
  const startMs = startAt.toEpochMilli()
  return { startMs, stopMs: stopAt?.toEpochMilli() ?? startMs, energyWh: Math.max(0, (stopWh ?? startWh) - startWh) }
}

interface Found {
  vehicleId: string | null
  driverId: string | null
  match: Match
}

/** Whose charge it was, by the registers as they were when it began, and what telematics say of it. */
async function matchOf(context: FspContext, row: Row, charge: HomeCharge): Promise<Found> {
  const { registers } = context
  const refused = (because: RefusedBecause, vehicleId: string | null, driverId: string | null): Found => ({
    vehicleId,
    driverId,
    match: { isConfirmed: false, because },
  })
  const vehicleId = vehicleOf(registers.now(), row.idTag)
  if (vehicleId === null) return refused('unknown-van', null, null)
  const driverId = registers.versionAt('vehicleDrivers', vehicleId, row.startAt)?.data.driver ?? null
  const driver = driverId === null ? undefined : registers.versionAt('drivers', driverId, row.startAt)?.data
  if (driverId === null || !driver) return refused('no-driver', vehicleId, driverId)
  const home = driver.home === null ? undefined : registers.versionAt('homes', driver.home, row.startAt)?.data
  if (!home || home.chargePoint !== row.identity) return refused('not-own-home', vehicleId, driverId)
  const { evs, evTypes } = registers.now()
  const type = evTypes.get(evs.get(vehicleId)?.evType ?? '')
  const match = matchCharge(charge, {
    homeLsoa: home.lsoa,
    places: await placesOf(context, vehicleId, charge),
    readings: await readingsOf(context, vehicleId, charge),
    usableBatteryWh: type?.usableBatteryWh ?? null,
  })
  return { vehicleId, driverId, match }
}

/** The places at which a van was seen in the nights that a charge reached into, the evening of its first day included. */
async function placesOf({ db }: FspContext, vehicleId: string, { startMs, stopMs }: HomeCharge): Promise<string[]> {
  // A night is named by the day on which it began: one that began the evening before counts for a charge after midnight.
  const first = tradingDayOf(Instant.ofEpochMilli(startMs - aroundMs)).toString()
  const last = tradingDayOf(Instant.ofEpochMilli(stopMs)).toString()
  const { night, place } = vehicleNight
  const rows = await db
    .select({ place })
    .from(vehicleNight)
    .where(and(eq(vehicleNight.vehicleId, vehicleId), gte(night, first), lte(night, last)))
  return rows.map((row) => row.place)
}

async function readingsOf({ db }: FspContext, vehicleId: string, { startMs, stopMs }: HomeCharge) {
  const [from, to] = [Instant.ofEpochMilli(startMs - aroundMs), Instant.ofEpochMilli(stopMs + aroundMs)]
  const { at } = vehicleReading
  const rows = await db
    .select()
    .from(vehicleReading)
    .where(and(eq(vehicleReading.vehicleId, vehicleId), gte(at, from), lte(at, to)))
    .orderBy(asc(at))
  return rows.map(({ at: when, socPercent, odometerKm }) => ({ atMs: when.toEpochMilli(), socPercent, odometerKm }))
}

function viewOf(row: Row, charge: HomeCharge, found: Found, pencePerKwh: number): ReimbursedCharge {
  const { vehicleId, driverId, match } = found
  const amount = match.isConfirmed ? new Money(charge.energyWh).div(100_000).times(pencePerKwh) : new Money(0)
  return {
    transactionId: row.transactionId,
    identity: row.identity,
    start: row.startAt.toString(),
    stop: Instant.ofEpochMilli(charge.stopMs).toString(),
    energyWh: charge.energyWh,
    vehicleId,
    driverId,
    isConfirmed: match.isConfirmed,
    telematicsWh: match.isConfirmed ? match.telematicsWh : null,
    because: match.isConfirmed ? null : match.because,
    reason: match.isConfirmed ? null : inWords[match.because],
    amountGbp: formatGbp(amount),
  }
}

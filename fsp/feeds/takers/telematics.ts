import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { FormatOf } from '../../../schemas/fsp/feeds/formats.ts'
import type { EvTypeData } from '../../../schemas/fsp/registers/subjects.ts'
import type { Registers, Unknowns } from '../../registers/index.ts'
import type { VehicleReading, VehicleReadings } from '../../vehicles/index.ts'
import { RecordReader } from '../reader.ts'
import { vehicleTelematics } from '../tables.ts'
import { Collector, isAhead, type Taker } from './taker.ts'

export interface TelematicsParts {
  registers: Registers
  unknowns: Unknowns
  readings: VehicleReadings
  /** Called for a depot with newer readings of its vehicles. */
  onReadings(depotId: string): void
  /** Told where vehicles were, in the transaction of their readings; absent: their positions are only compared with the depots'. */
  onSightings?(tx: Queryable, sightings: readonly Sighting[]): Promise<void>
}

/** Where a vehicle was. It is personal data of its driver: whoever is told keeps no more than the area. */
export interface Sighting {
  vehicleId: string
  at: Instant
  latitude: number
  longitude: number
}

type Format = FormatOf<'telematics'>
type Field = Pick<EvTypeData['subTypes'][number]['fields'][number], 'figure' | 'reportedAs' | 'factor'>

const kmPerMile = 1.609344
const earthRadiusM = 6_371_000

/** What a vehicle said, its position compared and forgotten. */
interface Said {
  atMs: number
  socPercent: number | null
  odometerKm: number | null
  isAtDepot: boolean | null
  isIgnitionOn: boolean | null
  isPluggedIn: boolean | null
  position: { latitude: number; longitude: number } | null
}

/**
 * J7–J9: what vehicles report of themselves, matched by their telematics identity. Each sub-type of a vehicle has its own fields: one that
 * no longer sends what it is agreed to send has drifted, and what it still sends is taken all the same. Vehicles that nobody registered are
 * listed as unknown.
 */
export function telematicsTaker(parts: TelematicsParts): Taker<Format> {
  return async (tx, { feedId, format }, records, receivedAt) => {
    const snapshot = parts.registers.now()
    const byIdentity = new Map(
      [...snapshot.evs].flatMap(([vehicleId, ev]) =>
        ev.telematicsId === null ? [] : [[ev.telematicsId, { vehicleId, ev }] as const],
      ),
    )
    const collector = new Collector()
    const strangers = new Set<string>()
    const readings: VehicleReading[] = []
    const states = new Map<string, typeof vehicleTelematics.$inferInsert>()
    const sightings: Sighting[] = []
    const depots = new Set<string>()
    for (const record of records) {
      const reader = new RecordReader(record.value)
      const identity = reader.text(format.identity)
      if (identity === null) {
        collector.drifted(record, reader.drifts)
        continue
      }
      const known = byIdentity.get(identity)
      if (!known || snapshot.telematics.get(identity)?.provider !== format.provider) {
        strangers.add(identity)
        collector.unknown(
          record,
          `${identity} is no telematics identity of ${format.provider} that a vehicle is registered with`,
        )
        continue
      }
      const { vehicleId, ev } = known
      const fields = fieldsOf(format, snapshot.evTypes.get(ev.evType), ev.subType)
      const said = saidIn(reader, format, fields, ev.depotId)
      if (reader.drifts.length > 0) collector.drifted(record, reader.drifts)
      if (!said) continue
      const flaw = flawOf(said, receivedAt)
      if (flaw !== null) {
        collector.refused(record, flaw)
        continue
      }
      collector.take(record, reader.passedOver)
      const at = Instant.ofEpochMilli(said.atMs)
      const { socPercent, odometerKm, atMs: _, position, ...state } = said
      if (position) sightings.push({ vehicleId, at, ...position })
      if (socPercent !== null) readings.push({ vehicleId, at, receivedAt, socPercent, odometerKm, source: feedId })
      const before = states.get(vehicleId)
      if (!before || before.at.isBefore(at)) states.set(vehicleId, { vehicleId, at, ...state, source: feedId })
      depots.add(ev.depotId)
    }
    await parts.readings.store(tx, readings)
    await storeStates(tx, [...states.values()])
    await parts.onSightings?.(tx, sightings)
    return collector.taken(async () => {
      parts.readings.note(readings)
      for (const identity of strangers)
        await parts.unknowns.saw('telematics', identity, { depotId: null, place: format.provider })
      for (const depotId of depots) parts.onReadings(depotId)
    })
  }
}

async function storeStates(
  tx: Parameters<Taker<Format>>[0],
  rows: readonly (typeof vehicleTelematics.$inferInsert)[],
): Promise<void> {
  for (let i = 0; i < rows.length; i += 5_000)
    await tx
      .insert(vehicleTelematics)
      .values(rows.slice(i, i + 5_000))
      .onConflictDoUpdate({
        target: vehicleTelematics.vehicleId,
        set: {
          at: sql`excluded.at`,
          isAtDepot: sql`excluded.is_at_depot`,
          isIgnitionOn: sql`excluded.is_ignition_on`,
          isPluggedIn: sql`excluded.is_plugged_in`,
          source: sql`excluded.source`,
        },
        setWhere: sql`excluded.at > ${vehicleTelematics.at}`,
      })
}

/** Where a vehicle's figures are found: as its sub-type says, else as the feed does. */
function fieldsOf(format: Format, type: EvTypeData | undefined, subType: string | null): readonly Field[] {
  return type?.subTypes.find((each) => each.subType === subType)?.fields ?? format.fields
}

/** What a record says; `null` without its time, or without anything else. */
function saidIn(reader: RecordReader, format: Format, fields: readonly Field[], depotId: string): Said | null {
  const fieldOf = (figure: Field['figure']) => fields.find((each) => each.figure === figure)
  const numberOf = (figure: Field['figure']) => {
    const field = fieldOf(figure)
    const value = field ? reader.number(field.reportedAs) : undefined
    return field && typeof value === 'number' ? value * field.factor : null
  }
  const flagOf = (figure: Field['figure']) => {
    const field = fieldOf(figure)
    return field ? (reader.flag(field.reportedAs) ?? null) : null
  }
  const atMs = reader.instantMs(fieldOf('reportedAt')?.reportedAs ?? format.at, format.zone)
  const odometerMiles = numberOf('odometerMiles')
  const [latitude, longitude] = [numberOf('latitude'), numberOf('longitude')]
  // Read so that its absence is a drift; nothing is done with it yet.
  numberOf('rangeMiles')
  const said = {
    socPercent: numberOf('stateOfCharge'),
    odometerKm: odometerMiles === null ? null : odometerMiles * kmPerMile,
    isAtDepot: latitude === null || longitude === null ? null : isAtDepot(format, depotId, latitude, longitude),
    isIgnitionOn: flagOf('isIgnitionOn'),
    isPluggedIn: flagOf('isPluggedIn'),
    position: latitude === null || longitude === null ? null : { latitude, longitude },
  }
  if (atMs === null || Object.values(said).every((value) => value === null)) return null
  return { atMs, ...said }
}

/** Whether a position is within the place of a depot; `null`: the depot has none that is stated. */
export function isAtDepot(
  { places }: Pick<Format, 'places'>,
  depotId: string,
  latitude: number,
  longitude: number,
): boolean | null {
  const place = places.find((each) => each.depotId === depotId)
  if (!place) return null
  const radians = Math.PI / 180
  // Exact to centimetres at such distances: a degree of longitude is shorter away from the equator.
  const north = (latitude - place.latitude) * radians * earthRadiusM
  const east = (longitude - place.longitude) * radians * earthRadiusM * Math.cos(place.latitude * radians)
  return Math.hypot(north, east) <= place.radiusM
}

function flawOf({ atMs, socPercent, odometerKm }: Said, receivedAt: Instant): string | null {
  if (isAhead(atMs, receivedAt)) return 'its time is ahead of ours'
  if (socPercent !== null && (socPercent < 0 || socPercent > 100)) return `${socPercent} % is no state of charge`
  return odometerKm !== null && odometerKm < 0 ? 'its odometer is negative' : null
}

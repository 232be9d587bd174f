import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import { dayEnd, dayStart } from '../../../../schemas/vocabulary/time.ts'
import { unitsWithExportLimit } from '../../../market/index.ts'
import { type SiteRoom, siteRooms } from '../../schedules/index.ts'
import { withinRoom } from '../algorithm/index.ts'
import type { ModelUnit } from './model.ts'

/** How far the site of an FU can be turned down before it passes its export limit; `null` where nothing limits it, or nothing is known. */
export type ExportRoom = (fuId: string, at: Instant) => SiteRoom | null

/** Reads what the export limits of sites leave of turn-downs on a day; `null` where no FU is at a site with one. */
export async function readExportRoom(
  tx: Queryable,
  at: Instant,
  day: LocalDate,
  fuIds: readonly string[],
): Promise<ExportRoom | null> {
  const limited = await unitsWithExportLimit(tx, fuIds)
  if (limited.length === 0) return null
  const roomAt = await siteRooms(tx, limited, { from: dayStart(day), to: dayEnd(day) }, at)
  return (fuId, from) => roomAt(fuId, from, 'turn-down')
}

/**
 * FUs whose turn-down is held to the export limit of their site (decision 63): what it leaves beside what is fixed goes to the cheapest
 * of its FUs first, then to the lower identifier, as room of nodes does. At the issue the same rule holds once more.
 */
export function withinExportRoom(given: readonly ModelUnit[], roomAt: ExportRoom): ModelUnit[] {
  const units = given.toSorted((a, b) => (a.fuId < b.fuId ? -1 : 1))
  const known = new Map<number, ReturnType<typeof grant>>()
  const grantedAt = (at: Instant) => {
    const found = known.get(at.toEpochMilli()) ?? grant(units, at, roomAt)
    known.set(at.toEpochMilli(), found)
    return found
  }
  return units.map((unit, u) => ({
    ...unit,
    availableW: (at) => grantedAt(at).grantedW[u] as number,
    siteLimit(at) {
      const [room, offeredW] = [grantedAt(at).rooms[u], unit.availableW(at)]
      return room && (grantedAt(at).grantedW[u] as number) < offeredW ? { exportLimitW: room.limitW, offeredW } : null
    },
  }))
}

function grant(units: readonly ModelUnit[], at: Instant, roomAt: ExportRoom) {
  const rooms = units.map((unit) => roomAt(unit.fuId, at))
  const sites = [...new Set(rooms.flatMap((room) => room?.connectionId ?? []))]
  const placeOf = new Map(sites.map((id, i) => [id, i]))
  const roomW = new Float64Array(sites.length)
  for (const room of rooms) if (room) roomW[placeOf.get(room.connectionId) as number] = Math.floor(room.roomW)
  const unitNode = Int32Array.from(rooms, (room) => placeOf.get(room?.connectionId ?? '') ?? -1)
  for (const [u, site] of unitNode.entries())
    if (site >= 0) roomW[site] = (roomW[site] as number) - (units[u] as ModelUnit).fixedW(at)
  const grantedW = withinRoom({ parent: new Int32Array(sites.length).fill(-1), unitNode }, roomW, {
    mostW: Float64Array.from(units, (unit) => unit.availableW(at)),
    leastW: Float64Array.from(units, (unit) => unit.leastW),
    price: Float64Array.from(units, (unit) => unit.price(at)),
    use: new Float64Array(units.length),
  })
  return { rooms, grantedW }
}

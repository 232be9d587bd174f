import type { NodeLoadSeed } from '../../schemas/planning/load-seeds.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import {
  findConnection,
  findNode,
  placesWithoutSynthetic,
  storeSyntheticHistory,
  type UnknownPlace,
} from '../../server/grid/index.ts'
import type { ServerContext } from '../../server/kit/index.ts'
import { readDepots, readNodeLoads, readVanUnits } from '../index.ts'
import { placeOfConnection, placeOfNode } from './load-places.ts'
import { type LoadPlace, type LoadShapeName, syntheticDay } from './load-shapes.ts'

/** How far a made-up history reaches back: two years with a leap day. */
export const historyDays = 731

/**
 * Makes up half-hours of load for every node and connection that has none made up yet, up to now. Each place is stored by itself, so that a
 * start that was stopped goes on after the places that it had reached.
 */
export async function seedHalfHours(
  context: ServerContext,
  { days = historyDays, isStopped = () => false }: { days?: number; isStopped?: () => boolean } = {},
): Promise<{ places: number; halfHours: number }> {
  const { db, clock } = context
  const today = tradingDayOf(clock.now())
  const span = Array.from({ length: days + 1 }, (_, n) => today.minusDays(days - n))
  const [shapes, stated] = [await shapesOfConnections(), await readNodeLoads()]
  const made = { places: 0, halfHours: 0 }
  for (const place of await placesWithoutSynthetic(db)) {
    if (isStopped()) break
    const found = await loadOf(context, place, { shapes, stated })
    if (!found) continue
    made.halfHours += await storeSyntheticHistory(
      context,
      place,
      span.map((day) => syntheticDay(found, day)),
    )
    made.places++
  }
  if (made.places > 0) context.log.info(made, 'load histories made up')
  return made
}

/** Shapes of connections, by identifier; those that the seeds do not know are premises. */
async function shapesOfConnections(): Promise<Map<string, LoadShapeName>> {
  const shapes = new Map<string, LoadShapeName>()
  for (const { connectionId } of (await readDepots()).depots) shapes.set(connectionId, 'depot')
  for (const { homes } of await readVanUnits())
    for (const { connectionId } of homes) shapes.set(connectionId, 'nightCharging')
  return shapes
}

async function loadOf(
  { db }: ServerContext,
  { kind, id }: UnknownPlace,
  known: { shapes: ReadonlyMap<string, LoadShapeName>; stated: readonly NodeLoadSeed[] },
): Promise<LoadPlace | null> {
  if (kind === 'connection') {
    const found = await findConnection(db, id)
    return found ? placeOfConnection(found, known.shapes.get(id) ?? 'premises') : null
  }
  const node = await findNode(db, id)
  return node
    ? placeOfNode(
        node,
        known.stated.find(({ nodeId }) => nodeId === id),
      )
    : null
}

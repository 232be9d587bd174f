import type { DepotSeed } from '../../schemas/fsp/depots.ts'
import { modelByRoute } from '../../schemas/fsp/registers/subjects.ts'
import { type DataOf, modelOf, type Snapshot, splitModel } from './rules.ts'

/** What decisions need to know of a depot, as its register has it at present. */
export type Depot = Pick<DepotSeed, 'depotId' | 'ascKva' | 'powerFactor' | 'bufferW' | 'building' | 'profile'> &
  Pick<DataOf<'depots'>, 'name' | 'customer' | 'mpan' | 'connectionId' | 'feeders' | 'phaseLimitA'> & {
    supplies: NonNullable<DataOf<'depots'>['supplies']>
  }

/** A model of charge point under a firmware, as decisions and commands need it. */
export type RegisteredModel = DataOf<'models'> & { model: string }

/** A charge point as it stands. */
export interface Mounting
  extends Pick<
    DataOf<'chargePoints'>,
    'depotId' | 'feeder' | 'phase' | 'route' | 'backOffice' | 'mpan' | 'controller'
  > {
  identity: string
  model: RegisteredModel
}

/** A depot as the rest of the program works with it. */
export function depotsOf({ depots }: Snapshot): Depot[] {
  return [...depots].map(([depotId, data]) => depotOf(depotId, data))
}

function depotOf(depotId: string, data: DataOf<'depots'>): Depot {
  const { buildingDayW, buildingNightW, profile, ...rest } = data
  const flat = [{ from: '00:00', limitW: data.ascKva * 1_000 * data.powerFactor }]
  return {
    depotId,
    ...rest,
    // Versions from before these members were stated do not have them.
    feeders: data.feeders.map((each) => ({ ...each, ratedA: each.ratedA ?? null })),
    phaseLimitA: data.phaseLimitA ?? null,
    supplies: data.supplies ?? [],
    building: { dayW: buildingDayW, nightW: buildingNightW },
    profile: profile ?? { weekday: flat, weekend: flat },
  }
}

/**
 * The charge points as they stand, each with the requirements of its model under its firmware and by its route, but for quirks of its
 * own.
 * @param reported firmware by identity, as each charge point last reported it; the agreed one holds until it has.
 */
export function mountingsOf(
  { chargePoints, models }: Snapshot,
  reported: ReadonlyMap<string, string | null>,
): Mounting[] {
  return [...chargePoints].map(([identity, data]) => {
    const stated = modelOf(models, data.model, reported.get(identity) ?? data.firmware)
    if (!stated) throw new Error(`charge point ${identity} is of a model that is not registered`)
    const { depotId, feeder, phase, route, backOffice, mpan, controller } = data
    const model = modelByRoute(stated, route)
    return {
      identity,
      depotId,
      feeder,
      phase,
      route,
      backOffice,
      mpan,
      controller,
      model: registeredModel(splitModel(data.model)[0], withQuirks(model, data.quirks), data.sockets ?? model.sockets),
    }
  })
}

/** A model's requirements as one charge point departs from them. */
function withQuirks(model: DataOf<'models'>, quirks: DataOf<'chargePoints'>['quirks']): DataOf<'models'> {
  return { ...model, ...(quirks as Partial<DataOf<'models'>> | null) }
}

function registeredModel(name: string, model: DataOf<'models'>, sockets: number): RegisteredModel {
  return { model: name, ...model, sockets }
}

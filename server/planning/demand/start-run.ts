import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { demandRunOperations } from '../../../schemas/planning/demand-runs.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { areAnySynthetic, requireEdition } from './edition-store.ts'
import { engineVersion, type NetworkRecord, type TripRecord } from './records.ts'
import { addRun, cancelRun, type RunRow, requireDone, requireRun, viewDemandRun } from './run-store.ts'

type Asked = Pick<
  Parameters<Verb<typeof demandRunOperations.startTripRun>>[0],
  'db' | 'at' | 'id' | 'actor' | 'audit' | 'announce'
>

/** Puts a run over trips in the queue. */
export const startTripRun: Verb<typeof demandRunOperations.startTripRun> = async (call) => {
  const { db, body } = call
  for (const id of body.trips) await requireEdition(db, 'trips', id)
  await requireEdition(db, 'vehicles', body.vehicles)
  await requireEdition(db, 'areas', body.areas)
  await requireEach(db, [
    ['charge-points', body.chargePoints],
    ['off-street', body.offStreet],
  ])
  const record: TripRecord = { ...body, engineVersion }
  const used = [...body.trips, body.vehicles, body.areas, body.chargePoints, body.offStreet]
  return queue(call, 'trips', body.title, { ...record }, await areAnySynthetic(db, used))
}

/** Puts a run over the network in the queue. */
export const startNetworkRun: Verb<typeof demandRunOperations.startNetworkRun> = async (call) => {
  const { db, body } = call
  await requireEdition(db, 'areas', body.areas)
  await requireEdition(db, 'growth', body.growth)
  await requireEach(db, [
    ['off-street', body.offStreet],
    ['feeding-areas', body.feedingAreas],
    ['connectivity', body.connectivity],
    ['hv-sites', body.hvSites],
    ['profiles', body.profiles],
  ])
  refuseWithout(body)
  const trips = body.tripRun === null ? null : await requireDone(db, body.tripRun, 'trips')
  const record: NetworkRecord = { ...body, engineVersion, network: null, seasonFactors: null }
  const { areas, growth, offStreet, feedingAreas, connectivity, hvSites, profiles } = body
  const isSynthetic = await areAnySynthetic(db, [
    ...[areas, growth, offStreet],
    ...[feedingAreas, connectivity, hvSites, profiles],
  ])
  return queue(call, 'network', body.title, { ...record }, isSynthetic || (trips?.isSynthetic ?? false))
}

/** Puts a run in the queue once more, from the record of the first: network and weather as they were then. */
export const repeatDemandRun: Verb<typeof demandRunOperations.repeatDemandRun> = async (call) => {
  const run = await requireRun(call.db, call.params.id)
  if (run.state !== 'done')
    throw new ProblemError('conflict', `The run ${run.title} is ${run.state}: only one that is done can be repeated.`)
  if (run.record['engineVersion'] !== engineVersion)
    throw new ProblemError(
      'conflict',
      `The run ${run.title} was made by version ${run.record['engineVersion']} of the engines; this is ${engineVersion}.`,
    )
  await requireRows(call.db, run)
  return queue(call, run.kind, run.title, run.record, run.isSynthetic)
}

/** Refuses to repeat a run some of whose rows are gone. */
async function requireRows(db: Queryable, { kind, record }: RunRow): Promise<void> {
  if (kind === 'trips') for (const id of (record as unknown as TripRecord).trips) await requireEdition(db, 'trips', id)
  const { network } = record as unknown as NetworkRecord
  if (kind === 'network' && network !== null) await requireEdition(db, 'network', network)
}

/** Cancels a run. */
export const cancelDemandRun: Verb<typeof demandRunOperations.cancelDemandRun> = async ({ db, at, params, audit }) => {
  const run = await cancelRun(db, params.id, at)
  audit({
    action: 'demand-run.cancelled',
    subject: { type: 'demand-run', id: run.runId },
    detail: { title: run.title, progress: run.progress },
  })
  return viewDemandRun(run)
}

async function requireEach(
  db: Queryable,
  given: readonly (readonly [Parameters<typeof requireEdition>[1], string | null])[],
): Promise<void> {
  for (const [kind, id] of given) if (id !== null) await requireEdition(db, kind, id)
}

/** A method that has nothing to go by would only be the nearest substation under another name. */
function refuseWithout({
  method,
  feedingAreas,
  connectivity,
}: Pick<NetworkRecord, 'method' | 'feedingAreas' | 'connectivity'>): void {
  const needs = {
    connectivity: connectivity === null,
    'feeding-area': feedingAreas === null,
    'customer-share': feedingAreas === null,
  }
  if (method in needs && needs[method as keyof typeof needs])
    throw new ProblemError(
      'conflict',
      `The method ${method} needs ${method === 'connectivity' ? 'an edition of connectivity' : 'an edition of feeding-areas, which says the customers of substations'}: import one and name it.`,
    )
}

async function queue(
  { db, at, id, actor, audit, announce }: Asked,
  kind: RunRow['kind'],
  title: string,
  record: Record<string, unknown>,
  isSynthetic: boolean,
) {
  const run = await addRun(db, {
    runId: id,
    kind,
    title,
    requestedAt: at,
    requestedBy: nameOf(actor),
    record,
    isSynthetic,
  })
  audit({ action: 'demand-run.started', subject: { type: 'demand-run', id }, detail: { kind, title } })
  announce('planning')
  return viewDemandRun(run)
}

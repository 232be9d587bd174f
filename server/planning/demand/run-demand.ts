import { createHash, randomUUID } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { messageOf } from '../../../platform/errors/index.ts'
import { longAnswerOf } from '../../../platform/workers/index.ts'
import { typicalHeadrooms } from '../../grid/index.ts'
import { keepRun, RunGivenUp, type RunWatch, type ServerContext } from '../../kit/index.ts'
import { seasonMeans } from '../load-model/index.ts'
import type { NetworkInputs, NetworkResult } from './compute-network.ts'
import type { TripInputs, TripResult } from './compute-trips.ts'
import { rowsOf, saveEdition } from './edition-store.ts'
import { checkOf } from './findings.ts'
import { weatherFactors } from './outlook/profiles.ts'
import type { NetworkRecord, TripRecord } from './records.ts'
import type { EditionRows } from './rows.ts'
import { areasAfter, changeOwnRun, claimRun, type RunRow, requireDone } from './run-store.ts'
import { demandRunArea, demandRunNode } from './tables.ts'
import type { WorkerOrder } from './worker.ts'

/** Rows that one statement stores. */
const batchRows = 200

/** Carries out every run that waits, one after the other. A run that fails says why, and keeps no other from its turn. */
export async function runWaiting(context: ServerContext): Promise<void> {
  const { db, clock } = context
  for (let run = await claimRun(db, clock.now()); run; run = await claimRun(db, clock.now()))
    await carryOut(context, run)
}

async function carryOut(context: ServerContext, run: RunRow): Promise<void> {
  const { db, clock, log } = context
  const alive = (progress: number) => changeOwnRun(db, run, { aliveAt: clock.now(), progress })
  try {
    const found = await keepRun(clock, `demand-run ${run.runId}`, alive, (watch) =>
      run.kind === 'trips' ? runTrips(context, run, watch) : runNetwork(context, run, watch),
    )
    await db.transaction((tx) => finish(tx, run, clock.now(), found))
    log.info({ runId: run.runId, kind: run.kind }, 'a run of EV demand is done')
  } catch (error) {
    if (error instanceof RunGivenUp) return log.info({ runId: run.runId }, 'a run of EV demand was given up')
    log.error({ err: error, runId: run.runId }, 'a run of EV demand failed')
    await changeOwnRun(db, run, { state: 'failed', finishedAt: clock.now(), failure: messageOf(error) })
  }
}

interface Finished {
  summary: Record<string, unknown>
  digest: string
  areas: (typeof demandRunArea.$inferInsert)[]
  nodes: (typeof demandRunNode.$inferInsert)[]
}

/** Stores what a run found, all of it or, where the run is no longer this server's, nothing. */
async function finish(tx: Queryable, run: RunRow, at: Instant, { summary, digest, areas, nodes }: Finished) {
  const done = { state: 'done' as const, progress: 1, finishedAt: at, failure: null, summary, digest }
  if (!(await changeOwnRun(tx, run, done))) throw new RunGivenUp()
  for (let from = 0; from < areas.length; from += batchRows)
    await tx.insert(demandRunArea).values(areas.slice(from, from + batchRows))
  for (let from = 0; from < nodes.length; from += batchRows)
    await tx.insert(demandRunNode).values(nodes.slice(from, from + batchRows))
}

async function runTrips({ db }: ServerContext, run: RunRow, watch: RunWatch): Promise<Finished> {
  const record = run.record as unknown as TripRecord
  const inputs: TripInputs = {
    record,
    trips: await rowsOf(db, 'trips', record.trips),
    vehicles: await rowsOf(db, 'vehicles', [record.vehicles]),
    areas: await rowsOf(db, 'areas', [record.areas]),
    chargePoints: await rowsOf(db, 'charge-points', idsOf(record.chargePoints)),
    offStreet: await rowsOf(db, 'off-street', idsOf(record.offStreet)),
  }
  const result = await computed<TripResult>({ kind: 'trips', inputs }, watch)
  // The digest is of the demand: what was counted besides follows from the same record.
  return {
    summary: { ...result.summary },
    digest: digestOf(result.areas),
    areas: tripAreas(run.runId, result),
    nodes: [],
  }
}

/** The areas of a run over trips: those that have demand, and those where somebody lives or a trip begins. */
function tripAreas(runId: string, { areas, places }: TripResult): Finished['areas'] {
  const none = { runId, basis: null, confidence: null, nodeIds: [], shares: [] }
  const counted = new Map(places.map((each) => [each.area, each]))
  const demand = new Map(areas.map(({ area, meanW }) => [area, meanW]))
  return [...new Set([...demand.keys(), ...counted.keys()])].map((area) => {
    const { homes = 0, trips = 0 } = counted.get(area) ?? {}
    return { ...none, area, meanW: demand.get(area) ?? null, homes, trips }
  })
}

async function runNetwork(context: ServerContext, run: RunRow, watch: RunWatch): Promise<Finished> {
  const { db } = context
  const record = await settledRecord(context, run)
  const network = await rowsOf(db, 'network', idsOf(record.network))
  const inputs: NetworkInputs = {
    record,
    network,
    areas: await rowsOf(db, 'areas', [record.areas]),
    growth: await rowsOf(db, 'growth', [record.growth]),
    offStreet: await rowsOf(db, 'off-street', idsOf(record.offStreet)),
    feedingAreas: await rowsOf(db, 'feeding-areas', idsOf(record.feedingAreas)),
    connectivity: await rowsOf(db, 'connectivity', idsOf(record.connectivity)),
    profiles: await rowsOf(db, 'profiles', idsOf(record.profiles)),
    // Records from before there were such sites do not name any.
    hvSites: await rowsOf(db, 'hv-sites', idsOf(record.hvSites ?? null)),
    ...(await fleetOf(db, record.tripRun)),
  }
  const result = await computed<NetworkResult>({ kind: 'network', inputs }, watch)
  const nodes = result.nodes.map((node, i) => nodeRow(run.runId, i + 1, node, network))
  const areas = result.areas.map(({ code, ...links }) => ({
    runId: run.runId,
    area: code,
    meanW: null,
    ...links,
    shares: [...links.shares],
  }))
  const plain = (rows: readonly { runId: string }[]) => rows.map(({ runId: _, ...row }) => row)
  return { summary: { ...result.summary }, digest: digestOf([...plain(nodes), ...plain(areas)]), areas, nodes }
}

/** The record with the network and the weather as they are when the run begins for the first time; a repeat has them already. */
async function settledRecord({ db, clock }: ServerContext, run: RunRow): Promise<NetworkRecord> {
  const given = run.record as unknown as NetworkRecord
  if (given.network !== null && given.seasonFactors !== null) return given
  const at = clock.now()
  const rows: EditionRows['network'][] = []
  for await (const row of typicalHeadrooms(db, at)) rows.push(row)
  const seasonFactors = weatherFactors(await seasonMeans(db, at), given.weather)
  const record = { ...given, network: randomUUID(), seasonFactors }
  await db.transaction(async (tx) => {
    await saveEdition(tx, networkEdition(record.network, run, at), rows, checkOf('network', []))
    if (!(await changeOwnRun(tx, run, { record }))) throw new RunGivenUp()
  })
  return record
}

function networkEdition(editionId: string, { title, requestedBy }: RunRow, at: Instant) {
  return {
    editionId,
    kind: 'network' as const,
    name: `Network of ${title}`,
    isSynthetic: false,
    importedAt: at,
    importedBy: requestedBy,
    columns: {},
  }
}

function idsOf(editionId: string | null): string[] {
  return editionId === null ? [] : [editionId]
}

/** The demand that a run over trips found, and those of its charge points that are connected at high voltage. */
async function fleetOf(db: Queryable, runId: string | null): Promise<Pick<NetworkInputs, 'fleet' | 'hvChargePoints'>> {
  if (runId === null) return { fleet: [], hvChargePoints: [] }
  const { record } = await requireDone(db, runId, 'trips')
  const rows = await areasAfter(db, runId, '', 1_000_000)
  const chargePoints = await rowsOf(db, 'charge-points', idsOf((record as unknown as TripRecord).chargePoints))
  return {
    fleet: rows.flatMap(({ area, meanW }) => (meanW ? [{ area, meanW }] : [])),
    hvChargePoints: chargePoints.filter(({ isHv }) => isHv),
  }
}

/** Computes in a thread of its own, so that requests never wait for it. */
async function computed<R>(order: WorkerOrder, watch: RunWatch): Promise<R> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url))
  try {
    return await longAnswerOf<R>(worker, order, watch)
  } finally {
    await worker.terminate()
  }
}

function nodeRow(
  runId: string,
  rank: number,
  { place, demand, outlook, headroomW, confidence }: NetworkResult['nodes'][number],
  network: readonly EditionRows['network'][],
) {
  const { nodeId = '', name = '', kind = 'secondary', eastingM = null, northingM = null } = network[place] ?? {}
  return {
    runId,
    rank,
    nodeId,
    name,
    kind,
    eastingM,
    northingM,
    firstYear: outlook.firstYear,
    confidence,
    peakW: [...outlook.peakW],
    leastHeadroomW: outlook.leastHeadroomW && [...outlook.leastHeadroomW],
    hoursOver: outlook.hoursOver && [...outlook.hoursOver],
    vehicles: [...demand.vehicles],
    fleetW: demand.fleetW && [...demand.fleetW],
    headroomW,
  }
}

function digestOf(rows: readonly unknown[]): string {
  const digest = createHash('sha256')
  for (const row of rows) digest.update(`${JSON.stringify(row)}\n`)
  return digest.digest('hex')
}

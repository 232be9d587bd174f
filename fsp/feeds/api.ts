import { and, asc, eq, gte, lt } from 'drizzle-orm'
import { writeCsv } from '../../platform/csv/index.ts'
import { ProblemError, problemOf } from '../../platform/http/index.ts'
import {
  type FeedFault,
  type FeedFile,
  type FeedForm,
  type FeedState,
  fspFeedOperations,
} from '../../schemas/fsp/feeds/feeds.ts'
import { brokenField } from '../../schemas/vocabulary/outcome.ts'
import { instantOf } from '../../schemas/vocabulary/time.ts'
import type { FspContext } from '../app/context.ts'
import { bind, type Caller, type Entrance, maySee } from '../kit/index.ts'
import type { Feeds } from './feeds.ts'
import type { Delivered } from './intake.ts'
import { type FaultRow, type FileRow, fileWithContent, listFaults, listFiles, type Quarantine } from './store.ts'
import { type FeedRow, fleetTrip } from './tables.ts'

const nothingKept: Quarantine = { files: 0, records: 0 }

/** The registry of feeds, their deliveries, and what they brought. A feed of several depots is seen by everybody, and handled by people of all depots. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table of operations, each of them short, over what they share.
export function feedApi(context: FspContext, feeds: Feeds, entrance: Entrance) {
  const { db, clock } = context
  const seen = (caller: Caller, feedId: string): FeedRow => {
    const row = feeds.find(feedId)
    if (row.agreed.depotId !== null && !maySee(caller, row.agreed.depotId))
      throw new ProblemError('not-found', `There is no feed ${feedId}.`)
    return row
  }
  const handled = (caller: Caller, feedId: string): FeedRow => {
    const row = seen(caller, feedId)
    requireHandling(caller, row.agreed.depotId)
    return row
  }
  const stateOf = async (row: FeedRow) => viewOf(row, feeds, clock, (await feeds.quarantined()).get(row.feedId))

  return bind(fspFeedOperations, entrance, {
    async listDepotFeeds({ caller }) {
      const kept = await feeds.quarantined()
      return feeds.all
        .filter(({ agreed: { depotId } }) => depotId === null || maySee(caller, depotId))
        .map((row) => viewOf(row, feeds, clock, kept.get(row.feedId)))
    },

    readDepotFeed: ({ caller, params }) => stateOf(seen(caller, params.feedId)),

    async saveDepotFeed({ caller, params: { feedId }, body, version, audit }) {
      const known = feeds.all.find((row) => row.feedId === feedId)
      if (known) handled(caller, feedId)
      requireHandling(caller, body.depotId)
      requireRegistered(context, body)
      const { secret, ...detail } = body
      const record = {
        action: 'feed.saved',
        subject: feedId,
        detail: { ...detail, hasNewSecret: secret !== undefined },
      }
      const row = await feeds.save(feedId, body, version === null ? null : Number(version), (tx) => audit(record, tx))
      return stateOf(row)
    },

    async removeDepotFeed({ caller, params: { feedId }, version, audit }) {
      handled(caller, feedId)
      const record = { action: 'feed.removed', subject: feedId }
      await feeds.remove(feedId, version === null ? null : Number(version), (tx) => audit(record, tx))
    },

    async runFeed({ caller, params: { feedId }, audit }) {
      handled(caller, feedId)
      await audit({ action: 'feed.run', subject: feedId })
      return outcomeOf(await feeds.runNow(feedId))
    },

    async pushFeedRecords({ caller, params: { feedId }, body, audit }) {
      handled(caller, feedId)
      const isPerson = caller.kind === 'person'
      if (isPerson)
        await audit({ action: 'feed.records-given', subject: feedId, detail: { records: body.records.length } })
      return outcomeOf([await feeds.push(feedId, body.records, isPerson ? 'upload' : 'push')])
    },

    async uploadFeedFile({ caller, params: { feedId }, query: { name }, body, audit }) {
      const { agreed } = handled(caller, feedId)
      const content = await bytesOf(body, agreed.maxBytes)
      const isPerson = caller.kind === 'person'
      if (isPerson) await audit({ action: 'feed.file-given', subject: feedId, detail: { name, bytes: content.length } })
      return outcomeOf([await feeds.upload(feedId, name, content, isPerson ? 'upload' : 'push')])
    },

    async listFeedFiles({ caller, params: { feedId }, query }) {
      seen(caller, feedId)
      return (await listFiles(db, feedId, query.state)).map(fileOf)
    },

    async readFeedFile({ caller, params: { feedId, fileId } }) {
      handled(caller, feedId)
      const { content, ...row } = await fileWithContent(db, feedId, fileId)
      if (content === null) throw new ProblemError('not-found', 'The content of this file is no longer kept.')
      return { ...fileOf({ ...row, hasContent: true }), content: content.toString('base64') }
    },

    async replayFeedFile({ caller, params: { feedId, fileId }, audit }) {
      handled(caller, feedId)
      const record = { action: 'feed.file-replayed', subject: feedId, detail: { fileId } }
      await audit(record)
      return fileOf((await feeds.replay(feedId, fileId)).file)
    },

    async listFeedFaults({ caller, params: { feedId }, query }) {
      seen(caller, feedId)
      return (await listFaults(db, feedId, query.resolved === 'yes')).map(faultOf)
    },

    async exportTrips({ caller, query: { feedId, from, to } }) {
      const mine = feeds.all.filter(({ agreed: { depotId } }) => depotId === null || maySee(caller, depotId))
      const ids = new Set(mine.map((row) => row.feedId))
      const rows = await db
        .select()
        .from(fleetTrip)
        .where(
          and(
            feedId === undefined ? undefined : eq(fleetTrip.feedId, feedId),
            from === undefined ? undefined : gte(fleetTrip.startedAt, instantOf(from)),
            to === undefined ? undefined : lt(fleetTrip.startedAt, instantOf(to)),
          ),
        )
        .orderBy(asc(fleetTrip.vehicle), asc(fleetTrip.startedAt))
      const cells = rows
        .filter((row) => ids.has(row.feedId))
        .map((row) => [row.feedId, row.vehicle, row.startedAt.toString(), row.endedAt.toString(), row.distanceKm])
      return {
        content: writeCsv(['feed', 'vehicle', 'started_at', 'ended_at', 'distance_km'], cells),
        name: 'trips.csv',
      }
    },
  })
}

/** A feed of several depots is for people of all depots, and for programs with a key for all of them or any. */
function requireHandling(caller: Caller, depotId: string | null): void {
  if (caller.kind === 'dno' || caller.kind === 'driver') return
  const changes = caller.kind === 'person' ? caller.changes : caller.depotIds
  if (changes === null || (depotId !== null && changes.has(depotId))) return
  if (depotId === null)
    throw new ProblemError('forbidden', 'A feed of several depots is for people and keys of all depots.')
  throw maySee(caller, depotId)
    ? new ProblemError('forbidden', `You see depot ${depotId}, and may not change anything there.`)
    : new ProblemError('not-found', `Depot ${depotId} not found.`)
}

/** Refuses a feed of depots or feeders that are not registered. */
function requireRegistered({ depots }: FspContext, { depotId, format }: FeedForm): void {
  const find = (id: string) => depots.find((depot) => depot.depotId === id)
  const broken = (field: string, message: string) => problemOf(brokenField(field, message))
  if (depotId !== null && !find(depotId)) throw broken('depotId', `${depotId} is no depot in the register`)
  if (format.kind === 'site-load')
    for (const [i, channel] of format.channels.entries()) {
      const depot = find(channel.depotId)
      if (!depot) throw broken(`format.channels[${i}].depotId`, `${channel.depotId} is no depot in the register`)
      if (!depot.feeders.some(({ feeder }) => feeder === channel.feeder))
        throw broken(
          `format.channels[${i}].feeder`,
          `${channel.depotId} has no feeder ${channel.feeder} in the register`,
        )
      if (depotId !== null && channel.depotId !== depotId)
        throw broken(`format.channels[${i}].depotId`, `this feed is for ${depotId} only`)
    }
  if (format.kind === 'telematics')
    for (const [i, place] of format.places.entries())
      if (!find(place.depotId))
        throw broken(`format.places[${i}].depotId`, `${place.depotId} is no depot in the register`)
}

/** A body in memory, up to one byte more than is read: the rest would say nothing more. */
async function bytesOf(body: ReadableStream, maxBytes: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body as unknown as AsyncIterable<Uint8Array>) {
    if (length <= maxBytes) parts.push(part)
    length += part.length
  }
  return Buffer.concat(parts)
}

function viewOf(row: FeedRow, feeds: Feeds, clock: FspContext['clock'], kept = nothingKept): FeedState {
  const { agreed, sealedSecret, removedAt: _, lastRunAt: _run, drift: _drift, ...rest } = row
  return {
    ...agreed,
    ...rest,
    hasSecret: sealedSecret !== null,
    freshness: feeds.freshnessOf(row, clock.now()),
    registeredAt: row.registeredAt.toString(),
    lastSuccessAt: row.lastSuccessAt?.toString() ?? null,
    lastFailureAt: row.lastFailureAt?.toString() ?? null,
    nextRunAt: row.nextRunAt?.toString() ?? null,
    quarantinedFiles: kept.files,
    quarantinedRecords: kept.records,
  }
}

function outcomeOf(delivered: readonly Delivered[]) {
  const fresh = delivered.filter(({ isRepeat }) => !isRepeat)
  return {
    files: fresh.map(({ file }) => fileOf(file)),
    taken: fresh.reduce((sum, { file }) => sum + file.taken, 0),
    kept: fresh.reduce((sum, { file }) => sum + file.kept, 0),
  }
}

function fileOf({ receivedAt, modifiedAt: _, ...row }: FileRow): FeedFile {
  return { ...row, receivedAt: receivedAt.toString() }
}

function faultOf({ at, resolvedAt, feedId: _, ...row }: FaultRow): FeedFault {
  return { ...row, at: at.toString(), resolvedAt: resolvedAt?.toString() ?? null }
}

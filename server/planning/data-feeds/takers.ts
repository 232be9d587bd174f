import type { ReadableStream } from 'node:stream/web'
import type { Instant } from '@js-joda/core'
import { and, eq, inArray } from 'drizzle-orm'
import type { CsvFlaws } from '../../../platform/csv/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import type { DataDelivery } from '../../../schemas/planning/data-feeds.ts'
import { takeEdition } from '../demand/index.ts'
import { takeHistories } from '../sites/index.ts'
import type { DeliveryRow, FeedRow } from './store.ts'
import { siteOpening } from './tables.ts'

/** A delivery that is read. */
export interface Order {
  feed: FeedRow
  delivery: DeliveryRow
  /** Of the edition that it becomes, if its kind becomes one. */
  editionId: string
  body: ReadableStream
  at: Instant
  by: string
}

/** What was taken, if its transaction is not undone. */
export interface Taken extends Pick<DataDelivery, 'summary' | 'anomalyCount' | 'newVehicleCount'> {
  rows: number
  rejected: number
  flaws: CsvFlaws | null
  fault: string | null
  hasEdition: boolean
  /** Whether the bytes may be kept if nothing is taken. */
  mayKeep: boolean
}

type Taker = (tx: Queryable, order: Order) => Promise<Taken>

/** What takes the files of a feed. */
export function takerOf({ agreed: { kind } }: FeedRow): Taker {
  return kind === 'site-history' ? intoHistories : intoEdition
}

const intoEdition: Taker = async (tx, { feed, delivery, editionId, body, at, by }) => {
  const { kind, name, columns, zone, coordinates, passedOver } = feed.agreed
  if (kind === 'site-history') throw new Error('a site history is no edition')
  const given = { editionId, kind, name: `${name}: ${delivery.name}`, importedAt: at, importedBy: by }
  // A register of charge points has columns by the hundred; a file of trips has none that nobody agreed to.
  const mayPassOver = (heading: string) => kind !== 'trips' || passedOver.includes(heading)
  const { edition, ...read } = await takeEdition(tx, given, body, { columns, zone, coordinates, mayPassOver })
  return {
    ...read,
    summary: edition?.summary ?? {},
    anomalyCount: edition?.anomalyCount ?? 0,
    newVehicleCount: edition?.newVehicleCount ?? 0,
    hasEdition: edition !== null,
    mayKeep: true,
  }
}

const intoHistories: Taker = async (tx, { feed, body, at, by }) => {
  const { columns, zone } = feed.agreed
  const openings = await tx.select().from(siteOpening).where(eq(siteOpening.feedId, feed.feedId)).for('share')
  const sites = new Map(openings.map((opening) => [opening.siteReference, opening]))
  const { unopened, assetIds, summary, ...read } = await takeHistories(tx, body, { columns, zone, sites, at, by })
  if (read.fault === null && assetIds.length > 0)
    await tx
      .update(siteOpening)
      .set({ lastTakenAt: at })
      .where(and(eq(siteOpening.feedId, feed.feedId), inArray(siteOpening.assetId, assetIds)))
  return { ...read, summary, anomalyCount: 0, newVehicleCount: 0, hasEdition: false, mayKeep: unopened.length === 0 }
}

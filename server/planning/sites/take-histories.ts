import type { ReadableStream } from 'node:stream/web'
import { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { CsvFile, type StatedZone } from '../../../platform/csv/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import { nameFileColumns, type ReadFile, wordsOfEnd, wordsOfHeadings } from '../demand/index.ts'
import { mergedHistory, unrecorded } from './engine/merged-history.ts'
import { mostRows as mostHalfHours, readReading } from './meter-history.ts'
import { planMeterHistory } from './tables.ts'

/** A year of thirty sites. */
const mostRows = 525_600

const needed = { required: true } as const
const columns = {
  site: needed,
  periodStart: { known: ['period_start'], required: true },
  kwh: needed,
} as const

/** A site that its customer has opened to a feed. */
export interface OpenedSite {
  assetId: string
  customerId: string
}

/** How a delivered file of histories is read, and for whom. */
export interface HistoryTerms {
  columns: Readonly<Record<string, string>>
  zone: StatedZone | undefined
  /** Sites by what the file calls them; a file with any other is not taken. */
  sites: ReadonlyMap<string, OpenedSite>
  at: Instant
  by: string
}

/** What was taken of a delivered file of histories. */
export interface TakenHistories extends ReadFile {
  /** What the file calls sites that nobody opened: nothing of it may be kept. */
  unopened: string[]
  /** Assets whose history has changed. */
  assetIds: string[]
  summary: Record<string, number | string | null>
}

/** Merges delivered readings of a customer's whole sites into the histories that plans use, in the caller's transaction. */
export async function takeHistories(tx: Queryable, body: ReadableStream, terms: HistoryTerms): Promise<TakenHistories> {
  const file = await CsvFile.open(body, { maxRows: mostRows })
  const { headings, faults } = nameFileColumns('site histories', columns, file.headings, terms.columns)
  for (const fault of faults) file.flaws.add({ line: 1, ...fault })
  const none = { rows: 0, rejected: 0, flaws: file.flaws, unopened: [], assetIds: [], summary: {} }
  if (file.flaws.count > 0) {
    await file.close()
    return { ...none, fault: wordsOfHeadings(file.flaws) }
  }
  file.nameColumns(Object.values(headings))
  const { bySite, unopened, rejected } = await readingsOf(file, headings, terms)
  const read = { ...none, rows: file.count + file.broken, rejected: rejected + file.broken, unopened }
  if (file.isCutShort) return { ...read, fault: wordsOfEnd(file.flaws) }
  if (unopened.length > 0) return { ...read, fault: `its customer has not opened ${unopened.join(', ')} to this feed` }
  for (const [reference, given] of bySite) {
    const site = terms.sites.get(reference)
    if (site) await merge(tx, site, given, terms)
  }
  const assetIds = [...bySite.keys()].flatMap((reference) => terms.sites.get(reference)?.assetId ?? [])
  return { ...read, fault: null, assetIds, summary: summaryOf(bySite) }
}

type Readings = Map<string, Map<number, number>>

/** The readings of a file by site, epoch ms and kWh. A half-hour that is there twice is a flaw. */
async function readingsOf(file: CsvFile, headings: Record<string, string>, { zone, sites, at }: HistoryTerms) {
  const bySite: Readings = new Map()
  const unopened = new Set<string>()
  let rejected = 0
  for await (const { line, cells, isFlawed } of file.rows()) {
    const of = (column: string) => cells[headings[column] ?? ''] ?? ''
    const site = of('site')
    const { reader, ms, kwh } = readReading({ line, cells: { period_start: of('periodStart'), kwh: of('kwh') } }, zone)
    if (site === '') reader.flaw('site', 'is missing')
    else if (!sites.has(site) && unopened.size < 20) unopened.add(site.slice(0, 100))
    const own = bySite.get(site) ?? new Map<number, number>()
    if (ms > at.toEpochMilli()) reader.flaw('period_start', 'is in the future')
    if (own.has(ms)) reader.flaw('period_start', `is there twice for ${site}`)
    file.flaws.add(...reader.flaws)
    if (isFlawed || reader.flaws.length > 0) rejected++
    else {
      own.set(ms, kwh ?? unrecorded)
      bySite.set(site, own)
    }
  }
  return { bySite, unopened: [...unopened], rejected }
}

async function merge(
  tx: Queryable,
  { assetId, customerId }: OpenedSite,
  given: ReadonlyMap<number, number>,
  { at, by }: HistoryTerms,
): Promise<void> {
  const [row] = await tx.select().from(planMeterHistory).where(eq(planMeterHistory.assetId, assetId)).for('update')
  const before = row ? { fromMs: row.fromAt.toEpochMilli(), kwh: row.kwh } : null
  const { fromMs, kwh } = mergedHistory(before, given, mostHalfHours)
  const set = { fromAt: Instant.ofEpochMilli(fromMs), kwh: [...kwh], uploadedAt: at, uploadedBy: by }
  await tx
    .insert(planMeterHistory)
    .values({ assetId, customerId, ...set })
    .onConflictDoUpdate({ target: planMeterHistory.assetId, set })
}

function summaryOf(bySite: Readings): TakenHistories['summary'] {
  let [fromMs, toMs, halfHours, recorded] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0]
  for (const own of bySite.values())
    for (const [ms, kwh] of own) {
      fromMs = Math.min(fromMs, ms)
      toMs = Math.max(toMs, ms + 30 * 60_000)
      halfHours++
      recorded += Number(kwh !== unrecorded)
    }
  const words = (ms: number) => (halfHours > 0 ? Instant.ofEpochMilli(ms).toString() : null)
  return { sites: bySite.size, halfHours, recorded, from: words(fromMs), to: words(toMs) }
}

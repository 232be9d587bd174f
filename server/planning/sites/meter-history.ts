import { Instant } from '@js-joda/core'
import { type CsvRow, RowReader, type StatedZone } from '../../../platform/csv/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { planAssetOperations } from '../../../schemas/planning/sites/assets.ts'
import { nameOf, openFile, refusedFile, type Verb } from '../../kit/index.ts'
import { backgroundOf } from './background.ts'
import { unrecorded } from './engine/merged-history.ts'
import { assetOf } from './store.ts'
import { planMeterHistory } from './tables.ts'

const headings = ['period_start', 'kwh']
const halfHourMs = 30 * 60_000
/** Three years. */
export const mostRows = 3 * 366 * 48
/** What a connection of a gigawatt takes in a half-hour. */
const mostKwh = 5e5

/** Stores the meter history of a site, as a whole or not at all, and answers with the load that plans take from it. */
export const uploadMeterHistory: Verb<typeof planAssetOperations.uploadMeterHistory> = async (call) => {
  const { actor, params, at } = call
  const file = await openFile(call.body, { maxRows: mostRows, columns: headings, required: headings })
  const read = new Map<number, number>()
  for await (const given of file.rows()) {
    const row = readReading(given, call.query.zone)
    if (!Number.isNaN(row.ms) && read.has(row.ms)) row.reader.flaw('period_start', 'is a duplicate')
    file.flaws.add(...row.reader.flaws)
    if (row.reader.flaws.length === 0) read.set(row.ms, row.kwh ?? unrecorded)
  }
  const starts = [...read.keys()].sort((a, b) => a - b)
  const [first, last] = [starts[0], starts.at(-1)]
  const length = first === undefined || last === undefined ? 0 : (last - first) / halfHourMs + 1
  if (length > mostRows) file.flaws.add({ line: 1, field: 'period_start', message: 'spans more than three years' })
  if (file.flaws.count === 0 && ![...read.values()].some((kwh) => kwh !== unrecorded))
    file.flaws.add({ line: 1, field: 'kwh', message: 'has no value at all: nothing can be planned from it' })
  if (file.flaws.count > 0 || first === undefined) throw refusedFile(file.flaws)
  const kwh = Array.from({ length }, (_, i) => read.get(first + i * halfHourMs) ?? unrecorded)
  return call.transaction(async (tx) => {
    await requireSite(tx, actor.customerId, params.assetId)
    const set = { fromAt: Instant.ofEpochMilli(first), kwh, uploadedAt: at, uploadedBy: nameOf(actor) }
    await tx
      .insert(planMeterHistory)
      .values({ assetId: params.assetId, customerId: actor.customerId, ...set })
      .onConflictDoUpdate({ target: planMeterHistory.assetId, set })
    call.audit({
      action: 'plan-meter-history.saved',
      subject: { type: 'plan-asset', id: params.assetId },
      detail: {
        from: set.fromAt.toString(),
        halfHours: length,
        recorded: kwh.filter((each) => each !== unrecorded).length,
      },
    })
    return backgroundOf(tx, actor.customerId, params.assetId)
  })
}

/** Refuses an asset that is not a site of the customer's own. */
export async function requireSite(...[db, customerId, assetId]: Parameters<typeof assetOf>): Promise<void> {
  const { kind, name } = await assetOf(db, customerId, assetId)
  if (kind !== 'site') throw new ProblemError('conflict', `${name} is no site, but of the kind ${kind}.`)
}

/** Reads a reading of a half-hour: its start, epoch ms, and kWh; `null` where nothing was recorded. */
export function readReading(given: CsvRow, zone: StatedZone | undefined) {
  const reader = new RowReader(given)
  const ms = reader.instantMs('period_start', zone)
  if (!Number.isNaN(ms) && ms % halfHourMs !== 0) reader.flaw('period_start', 'is not the start of a half-hour')
  const kwh = reader.number('kwh')
  if (kwh !== null && (kwh < 0 || kwh > mostKwh))
    reader.flaw('kwh', `is not from 0 to ${mostKwh}: state what the site used`)
  return { reader, ms, kwh }
}

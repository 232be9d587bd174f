import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { Timetable, timetableOperations } from '../../../schemas/market/timetables.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { findNode } from '../../grid/index.ts'
import { type Call, isCurrent, nameOf, type ProposedAct } from '../../kit/index.ts'
import { listContracts } from '../tenders/index.ts'
import { type Reach, reachText, wholeProduct } from './reach.ts'
import { type TimetableRow, timetablesOf, versionsOf } from './store.ts'
import { productTimetable } from './tables.ts'
import { settingsOf, viewTimetable } from './views.ts'

type Change = typeof timetableOperations.changeTimetable

/** States a timetable of a product, a zone or a contract; ticks that fell due earlier follow the one before. */
export const changeTimetable: ProposedAct<Change, Timetable> = {
  async describe(call) {
    const { product, reach, words, before } = await checked(call)
    const from = call.body.inForceFrom
    if (from && Instant.parse(from).isBefore(call.at))
      throw problemOf(brokenField('inForceFrom', `is ${from}, which is past: leave it out for from the approval on`))
    return {
      subject: { type: 'timetable', id: idOf(product, reach) },
      title: `${call.body.settings ? 'Change' : 'End'} the timetable of ${words}`,
      before: { settings: before },
      after: { settings: call.body.settings, ...(from ? { inForceFrom: from } : {}) },
    }
  },

  async carryOut(call) {
    const { db, at, actor, body } = call
    const { product, reach, before, versions } = await checked(call)
    const asked = body.inForceFrom === null ? at : Instant.parse(body.inForceFrom)
    await db.insert(productTimetable).values({
      product,
      reach,
      version: versions.length + 1,
      settings: body.settings,
      inForceFrom: asked.isBefore(at) ? at : asked,
      changedAt: at,
      changedBy: nameOf(actor),
    })
    call.audit({
      action: 'timetable.changed',
      subject: { type: 'timetable', id: idOf(product, reach) },
      detail: { before, after: body.settings, inForceFrom: (asked.isBefore(at) ? at : asked).toString() },
    })
    for (const topic of ['market', 'dispatch'] as const) call.announce(topic)
    const inForce = (await timetablesOf(db, product, at)).find((one) => one.reach === reach)
    return viewTimetable({ product, reach }, await versionsOf(db, product, reach), inForce, at)
  },
}

/** What is changed, locked, if it is still what the caller has read. @throws ProblemError if not, or if it does not exist. */
async function checked(call: Call<Change>) {
  const { db, at, params, version, body } = call
  const { product } = params
  const timetables = await timetablesOf(db, product, at)
  const { of, words } = await readReach(call)
  const reach = reachText(of)
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${idOf(product, reach)}, 5))`)
  const versions = await versionsOf(db, product, reach)
  if (!isCurrent(version, versions.length)) throw changedMeanwhile(words, versions)
  if (body.settings === null && reach === wholeProduct)
    throw problemOf(brokenField('settings', 'must be stated: only a timetable of a zone or a contract can end'))
  const inForce = timetables.find((one) => one.reach === reach)
  return { product, reach, words, versions, before: inForce ? settingsOf(inForce) : null }
}

/** What the query narrows the timetable to, in words as well. */
async function readReach({ db, params, query }: Call<Change>): Promise<{ of: Reach; words: string }> {
  const { product } = params
  if (query.contract !== undefined) {
    const [contract] = await listContracts(db, { contractId: query.contract })
    if (contract?.product !== product)
      throw new ProblemError('not-found', `There is no contract ${query.contract} for product ${product}.`)
    const of = { kind: 'contract', contractId: contract.contractId } as const
    return { of, words: `product ${product} for the contract of ${contract.fuName} from ${contract.validFrom}` }
  }
  if (query.zone === undefined) return { of: { kind: 'product' }, words: `product ${product}` }
  const node = await findNode(db, query.zone)
  if (!node) throw new ProblemError('not-found', `There is no node ${query.zone}.`)
  return { of: { kind: 'zone', nodeId: node.nodeId }, words: `product ${product} at and below ${node.name}` }
}

/** A timetable as one name; that of a whole product is called by the product. */
function idOf(product: string, reach: string): string {
  return reach === wholeProduct ? product : `${product}/${reach}`
}

function changedMeanwhile(words: string, versions: readonly TimetableRow[]): ProblemError {
  const { length } = versions
  const detail = `The timetable of ${words} is now at version ${length}, by ${versions.at(-1)?.changedBy ?? 'nobody'}: read it again.`
  return new ProblemError('changed-meanwhile', detail, { headers: { etag: `"${length}"` } })
}

import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import { dailyWindows } from '../../../schemas/dispatch/timetables.ts'
import type { gateOperations, ScheduleGate } from '../../../schemas/market/gates.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { type Call, isCurrent, nameOf, type Verb } from '../../kit/index.ts'
import { gatesInForce, storeGate } from '../../market/index.ts'
import { closesAfter, daysBeforeText } from './rules.ts'
import { timetableInForce } from './store.ts'

type Change = typeof gateOperations.changeScheduleGate

/** Changes a product's gate for a kind of schedule, for every submission from now on. It closes no later than the product goes out. */
export const changeScheduleGate: Verb<Change> = async (call) => {
  const { db, at, actor, params, body: settings, version } = call
  const before = await current(call)
  if (!isCurrent(version, before.version)) throw changedMeanwhile(before)
  const { rhythm } = await timetableInForce(db, params.product, at)
  if (rhythm.kind !== 'single-window' && closesAfter(settings, rhythm)) {
    const [first] = dailyWindows(rhythm)
    throw problemOf(
      brokenField(
        'at',
        `is too late: the product goes out at ${first?.at} ${daysBeforeText(first?.daysAhead ?? 0)}; choose that time or an earlier one`,
      ),
    )
  }
  const next = { ...params, version: before.version + 1, settings, at, by: nameOf(actor) }
  if (!(await storeGate(db, next))) throw changedMeanwhile(await current(call))
  call.audit({
    action: 'schedule-gate.changed',
    subject: { type: 'schedule-gate', id: `${params.product}/${params.kind}` },
    detail: { before: before.settings, after: settings },
  })
  call.announce('market')
  return current(call)
}

/** The gate in force. @throws ProblemError a broken field `product` if there is no such product. */
async function current({ db, at, params }: Call<Change>): Promise<ScheduleGate> {
  await timetableInForce(db, params.product, at)
  const found = (await gatesInForce(db)).find((one) => one.product === params.product && one.kind === params.kind)
  if (!found) throw new Error(`product ${params.product} has no gate of ${params.kind} schedules`)
  return found
}

function changedMeanwhile({ product, kind, version, changedBy }: ScheduleGate): ProblemError {
  const detail = `The gate of ${kind} schedules for product ${product} is now at version ${version}, changed by ${changedBy ?? 'nobody'}: read it again.`
  return new ProblemError('changed-meanwhile', detail, { headers: { etag: `"${version}"` } })
}

import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { SubmissionKind } from '../../../schemas/market/submissions.ts'
import { gateNoticeSettings } from '../../../schemas/settings/market.ts'
import { figuresAt, type ServerContext } from '../../kit/index.ts'
import { oweFspNotices, type Told } from '../notices/index.ts'
import { contractedPeriods, listContracts, termOf } from '../tenders/index.ts'
import { type ProductTimetable, timetableFor, timetablesInForce } from '../timetables/index.ts'
import { remembered } from './gates.ts'
import { daysWithGates, type GateAhead, gatesAhead, missingAt } from './missing-rules.ts'
import { submissionsBetween } from './store.ts'

/** Owes FSPs notices of schedules that are missing shortly before their gate: one for each FSP and instant at which gates close. */
export async function tellMissingSchedules({ db, announce }: ServerContext, at: Instant): Promise<void> {
  const { minutesBeforeGate } = await figuresAt(db, gateNoticeSettings, at)
  const gates = await closingSoon(db, at, minutesBeforeGate)
  if (gates.length === 0) return
  // In one transaction, so that what is submitted meanwhile does not count.
  await db.transaction(async (tx) => oweFspNotices(tx, at, toldOf(await missingNow(tx, gates))))
  announce('market')
}

async function closingSoon(tx: Queryable, at: Instant, minutes: number): Promise<GateAhead[]> {
  const [first, last] = [daysWithGates(at)[0], daysWithGates(at).at(-1)]
  if (!first || !last) return []
  const timetables = await timetablesInForce(tx, at)
  const closings = remembered()
  const contracts = await listContracts(tx, { from: first, to: last })
  return gatesAhead(
    {
      contracts,
      closings(contract, kind: SubmissionKind, day: LocalDate) {
        const ofProduct: readonly ProductTimetable[] = timetables.get(contract.product) ?? []
        return closings(timetableFor(ofProduct, contract.contractId), kind, day)
      },
      contracted: (contract, day) => contractedPeriods(termOf(contract), day),
    },
    at,
    minutes,
  )
}

async function missingNow(tx: Queryable, gates: readonly GateAhead[]): Promise<GateAhead[]> {
  const days = gates.map(({ day }) => day).toSorted((a, b) => a.compareTo(b))
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return []
  const fuIds = [...new Set(gates.map(({ contract }) => contract.fuId))]
  return missingAt(gates, await submissionsBetween(tx, first, last, { fuIds }))
}

function toldOf(missing: readonly GateAhead[]): Told[] {
  const groups = Map.groupBy(missing, ({ contract, closesAt }) => `${contract.fspId} ${closesAt}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const closesAt = first.closesAt.toString()
    const schedules = group.map(({ kinds, day, contract: { fuId, fuName, product } }) => ({
      fuId,
      fuName,
      product,
      kinds,
      day: day.toString(),
    }))
    return [
      { fspId: first.contract.fspId, subject: closesAt, news: { event: 'schedule-missing', closesAt, schedules } },
    ]
  })
}

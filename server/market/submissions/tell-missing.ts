import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { gateNoticeSettings } from '../../../schemas/settings/market.ts'
import { figuresAt, type ServerContext } from '../../kit/index.ts'
import { oweFspNotices, type Told } from '../notices/index.ts'
import { contractedPeriods, listContracts, termOf } from '../tenders/index.ts'
import { gatesInForce } from './gates.ts'
import { type GateAhead, gatesAhead, type MissingSchedule, missingAt } from './missing-rules.ts'
import { submissionsBetween } from './store.ts'

/** Owes FSPs notices of schedules that are missing shortly before their gate: one for each FSP and instant at which gates close. */
export async function tellMissingSchedules({ db, announce }: ServerContext, at: Instant): Promise<void> {
  const { minutesBeforeGate } = await figuresAt(db, gateNoticeSettings, at)
  const gates = gatesAhead(await gatesInForce(db), at, minutesBeforeGate)
  if (gates.length === 0) return
  // In one transaction, so that what is submitted meanwhile does not count.
  await db.transaction(async (tx) => oweFspNotices(tx, at, toldOf(await missingNow(tx, gates))))
  announce('market')
}

async function missingNow(tx: Queryable, gates: readonly GateAhead[]): Promise<MissingSchedule[]> {
  const days = gates.map(({ day }) => day).toSorted((a, b) => a.compareTo(b))
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return []
  const products = new Set(gates.map(({ product }) => product))
  const contracts = (await listContracts(tx, { from: first, to: last })).filter((one) => products.has(one.product))
  const fuIds = [...new Set(contracts.map(({ fuId }) => fuId))]
  const submitted = await submissionsBetween(tx, first, last, { fuIds })
  return missingAt(gates, contracts, submitted, (one, day) => contractedPeriods(termOf(one), day).length > 0)
}

function toldOf(missing: readonly MissingSchedule[]): Told[] {
  const groups = Map.groupBy(missing, ({ gate, contract }) => `${contract.fspId} ${gate.closesAt}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const closesAt = first.gate.closesAt.toString()
    const schedules = group.map(({ gate, contract: { fuId, fuName, product } }) => ({
      fuId,
      fuName,
      product,
      kinds: gate.kinds,
      day: gate.day.toString(),
    }))
    return [
      { fspId: first.contract.fspId, subject: closesAt, news: { event: 'schedule-missing', closesAt, schedules } },
    ]
  })
}

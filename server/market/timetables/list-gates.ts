import { LocalDate } from '@js-joda/core'
import type { ContractGates, gateOperations } from '../../../schemas/market/gates.ts'
import { submissionKind } from '../../../schemas/market/submissions.ts'
import { tenantOf, type Verb } from '../../kit/index.ts'
import { contractedPeriods, pageOfContracts, termOf } from '../tenders/index.ts'
import { closingsOn } from './closings.ts'
import { timetableFor, timetablesInForce } from './store.ts'

const quarterS = 900

/** When the gates of the contracts of a day close, of an FSP or of all. */
export const listScheduleGates: Verb<typeof gateOperations.listScheduleGates> = async (call) => {
  const { db, at, actor, query } = call
  const day = LocalDate.parse(query.day)
  const page = await pageOfContracts(db, tenantOf(actor), query, day)
  const timetables = await timetablesInForce(db, at)
  const items = page.items.map((contract): ContractGates => {
    const timetable = timetableFor(timetables.get(contract.product) ?? [], contract.contractId)
    const contracted = new Set(contractedPeriods(termOf(contract), day).map(String))
    const gates = submissionKind.options.map((kind) => {
      const closings = closingsOn(timetable, kind, day).flatMap(({ closesAt, starts }) => {
        const own = starts.filter((start) => contracted.has(start.toString()))
        const [first, last] = [own[0], own.at(-1)]
        if (!first || !last) return []
        return [{ closesAt: closesAt.toString(), from: first.toString(), to: last.plusSeconds(quarterS).toString() }]
      })
      return { kind, settings: timetable.gates[kind], closings }
    })
    const { contractId, fuId, fuName, product } = contract
    return { contractId, fuId, fuName, product, tradingDay: query.day, gates }
  })
  return { ...page, items }
}

import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { BoardPeriod, BoardRow, DispatchBoard } from '../../../schemas/dispatch/board.ts'
import type { Contract } from '../../../schemas/market/contracts.ts'
import { dayEnd, dayStart, periodStarts } from '../../../schemas/vocabulary/time.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import {
  dueAt,
  isContracted,
  listContracts,
  listFlexibleUnits,
  type ProductTimetable,
  termOf,
  timetableFor,
  timetablesOf,
  wholeProduct,
} from '../../market/index.ts'
import { isStoppedAt, type Stop, stopsIn } from '../emergency/index.ts'
import { listInstructions } from '../instructions/index.ts'
import { currentSchedules, selections, valueAt } from '../schedules/index.ts'
import { issuedPeriods } from './periods.ts'
import { readTotals } from './totals.ts'

/** Mean turn-down measured for an FU in the quarter-hour that starts at an instant, W; `null` if not known yet. */
export type DeliveredReader = (
  tx: Queryable,
  day: LocalDate,
  fuIds: string[],
) => Promise<Map<string, Map<string, number>>>

/** The dispatch board of one day. Settlement, a layer above, knows what was delivered, so its reader is passed in. */
export async function readBoard(
  tx: Queryable,
  at: Instant,
  day: LocalDate,
  product: Product,
  delivered: DeliveredReader,
): Promise<DispatchBoard> {
  const contracts = await listContracts(tx, { product, from: day, to: day })
  const instructions = await listInstructions(tx, { product, from: dayStart(day), to: dayEnd(day) })
  const fuIds = [...new Set([...contracts, ...instructions].map((row) => row.fuId))]
  const units = await listFlexibleUnits(tx, at, { fuIds })
  const [schedules, selected, deliveredW] = [
    await currentSchedules(tx, day, fuIds),
    await selections(tx, day, fuIds),
    await delivered(tx, day, fuIds),
  ]
  const stops = await stopsIn(tx, dayStart(day), later(dayEnd(day), at.plusMillis(1)))
  const [starts, timetables] = [periodStarts(day, 'PT15M'), await timetablesOf(tx, product, at)]
  const rows = units.map((unit): BoardRow => {
    const own = contracts.filter((c) => c.fuId === unit.fuId)
    const kind = selected.get(unit.fuId)?.(product) ?? followed(timetables, own).unselected
    const live = schedules.find((s) => s.fuId === unit.fuId && s.kind === kind)
    const issued = issuedPeriods(instructions.filter((i) => i.fuId === unit.fuId))
    const version = (k: string) => schedules.find((s) => s.fuId === unit.fuId && s.kind === k)?.version ?? null
    return {
      fuId: unit.fuId,
      fuName: unit.name,
      fspId: unit.fspId,
      fspName: own[0]?.fspName ?? '',
      connectionId: unit.connectionId,
      inService: unit.inService,
      isStopped: isStoppedAt(stops, unit.fspId, at),
      selected: kind,
      manualVersion: version('manual'),
      optimisedVersion: version('optimised'),
      periods: starts.map((from) => ({
        from: from.toString(),
        to: from.plusSeconds(900).toString(),
        ...contractedAt(own, from),
        requestedW: live ? valueAt(live, from) : null,
        dueAt: dueAt(followed(timetables, own, from), day, from).toString(),
        instruction: issued.get(from.toString()) ?? null,
        isStopped: isStoppedIn(stops, unit.fspId, from, at),
        deliveredW: deliveredW.get(unit.fuId)?.get(from.toString()) ?? null,
      })),
    }
  })
  return {
    tradingDay: day.toString(),
    product,
    resolution: 'PT15M',
    at: at.toString(),
    rows,
    totals: await readTotals(tx, at, day, product),
  }
}

/** The timetable of a unit’s contract at an instant, else of its first one, else of the product. */
function followed(timetables: readonly ProductTimetable[], own: readonly Contract[], at?: Instant): ProductTimetable {
  const contract = own.find((one) => at && isContracted(termOf(one), at)) ?? own[0]
  const found = contract ? timetableFor(timetables, contract.contractId) : timetables.find(isOfWholeProduct)
  if (!found) throw new Error('a product has no timetable')
  return found
}

const isOfWholeProduct = ({ reach }: ProductTimetable) => reach === wholeProduct

function contractedAt(own: readonly Contract[], from: Instant): Pick<BoardPeriod, 'contractedW' | 'direction'> {
  const contract = own.find((c) => isContracted(termOf(c), from))
  const contractedW = contract?.turnDownW ?? null
  return contract?.direction === 'turn-up' ? { contractedW, direction: contract.direction } : { contractedW }
}

/** Whether an emergency stop covers the end of a quarter-hour; of one that is still ahead, whether a stop is in force now. */
function isStoppedIn(stops: readonly Stop[], fspId: string, from: Instant, at: Instant): boolean {
  const lastS = from.plusSeconds(899)
  return isStoppedAt(stops, fspId, at.isBefore(lastS) ? at : lastS)
}

const later = (a: Instant, b: Instant) => (b.isAfter(a) ? b : a)

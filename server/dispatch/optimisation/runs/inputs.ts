import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { DispatchSchedule } from '../../../../schemas/market/schedules.ts'
import { dayEnd, dayStart, periodIndexOf, periodStarts } from '../../../../schemas/vocabulary/time.ts'
import type { Product } from '../../../../schemas/vocabulary/units.ts'
import { allNodes } from '../../../grid/index.ts'
import {
  currentSubmissions,
  isContracted,
  listContracts,
  listFlexibleUnits,
  listProducts,
  type SubmittedRow,
  serviceHistory,
  termOf,
} from '../../../market/index.ts'
import { loadsOn, targetLevelsOn } from '../../../planning/index.ts'
import { stoppedUnits } from '../../emergency/index.ts'
import { isInService, liveSchedules, valueAt } from '../../schedules/index.ts'
import { timetableInForce } from '../../timetable/index.ts'
import { activationsLeft } from './activations.ts'
import { buildModel, type DayModel, type ModelUnit } from './model.ts'

/** The inputs of a run over a day, read at one moment. */
export interface DayInputs {
  model: DayModel
  starts: Instant[]
  nodeNames: Map<string, string>
  /** Whether the run may choose an FU in a quarter-hour at all: it is contracted for the product then. */
  isOwn(fuId: string, at: Instant): boolean
}

/** What differs when a day in progress is optimised again. */
export interface Again {
  /** The first quarter-hour that may change; earlier ones stay. */
  from?: Instant
  /** Which FUs are unreachable in which quarter-hours, in addition to those out of service. */
  isLost?: (fuId: string, from: Instant) => boolean
  /** Work that must be committed with the run. */
  alsoDo?: (tx: Queryable) => Promise<void>
}

/** Reads the network, forecasts and targets, and what each contracted FU has submitted for a day. */
export async function readInputs(
  tx: Queryable,
  at: Instant,
  day: LocalDate,
  product: Product,
  again: Again = {},
): Promise<DayInputs> {
  const starts = periodStarts(day, 'PT15M')
  const contracts = await listContracts(tx, { from: day, to: day })
  const fuIds = [...new Set(contracts.map((c) => c.fuId))]
  const units = await listFlexibleUnits(tx, at, { fuIds })
  const submitted = Map.groupBy(await currentSubmissions(tx, day, { fuIds }), (row) => row.fuId)
  const live = await liveByProduct(tx, at, day, fuIds)
  const service = await serviceHistory(tx, fuIds, dayEnd(day))
  const stopped = await stoppedUnits(tx, units)
  const contractAt = (fuId: string, from: Instant) =>
    contracts.find((c) => c.fuId === fuId && isContracted(termOf(c), from))
  const isOwn = (fuId: string, from: Instant) => contractAt(fuId, from)?.product === product
  const left = await activationsLeft(
    tx,
    day,
    units,
    contracts.filter((c) => c.product === product),
    again.from ?? dayStart(day),
  )
  const isPast = (from: Instant) => again.from !== undefined && from.isBefore(again.from)
  const flexible = units.map((unit): ModelUnit => {
    const own = submitted.get(unit.fuId) ?? []
    const isOut = (from: Instant) =>
      stopped.has(unit.fuId) || again.isLost?.(unit.fuId, from) || !isInService(service.get(unit.fuId) ?? [], from)
    return {
      fuId: unit.fuId,
      nodeId: unit.nodeId,
      fixedW(from) {
        const contract = contractAt(unit.fuId, from)
        const schedule = contract && live.get(contract.product)?.get(unit.fuId)
        if (!contract || !schedule || isOut(from)) return 0
        if (contract.product === product && !isPast(from)) return 0
        return Math.min(valueAt(schedule, from) ?? 0, contract.turnDownW)
      },
      availableW(from) {
        const contract = contractAt(unit.fuId, from)
        return contract?.product === product && !isPast(from) && !isOut(from) ? availableW(contract, own, from) : 0
      },
      price: (from) => priceOf(contractAt(unit.fuId, from), own, from),
      constraints: unit.limits,
      activationsLeft: left.get(unit.fuId) ?? null,
    }
  })
  const [nodes, loads] = [await allNodes(tx), await loadsOn(tx, day)]
  const levels = await targetLevelsOn(tx, nodes, day, at)
  const model = buildModel(nodes, flexible, (nodeId, from) => {
    const [loadW, targetW] = [loads.get(nodeId)?.get(from.toEpochMilli()), levels.get(nodeId)?.targetW ?? null]
    return loadW === undefined || targetW === null ? null : loadW - targetW
  })
  return { model, starts, isOwn, nodeNames: new Map(nodes.map((node) => [node.nodeId, node.name])) }
}

/** The live schedules by product. For an FU without a selection, the kind that the product's timetable uses. */
async function liveByProduct(tx: Queryable, at: Instant, day: LocalDate, fuIds: string[]) {
  const live = new Map<Product, Map<string, DispatchSchedule>>()
  for (const product of await listProducts(tx)) {
    const { unselected } = await timetableInForce(tx, product, at)
    live.set(product, await liveSchedules(tx, day, fuIds, unselected ?? undefined))
  }
  return live
}

/** The smaller of what is contracted and what the FSP declares; without a declaration the contract holds. */
function availableW(contract: Contract, submitted: readonly SubmittedRow[], from: Instant): number {
  const stated = (['deviation', 'availability'] as const).map((kind) => {
    const row = submitted.find((r) => r.kind === kind)
    return row ? Number(row.values[periodIndexOf(from, row.resolution)]) : contract.turnDownW
  })
  return Math.min(contract.turnDownW, ...stated)
}

/** The cost that the FSP submitted, otherwise the utilisation price of its contract, £/MWh. */
export function priceTextOf(contract: Contract | undefined, submitted: readonly SubmittedRow[], from: Instant): string {
  const row = submitted.find((r) => r.kind === 'cost')
  const stated = row?.values[periodIndexOf(from, row.resolution)]
  return stated === undefined ? (contract?.utilisationGbpPerMwh ?? '0') : String(stated)
}

function priceOf(contract: Contract | undefined, submitted: readonly SubmittedRow[], from: Instant): number {
  return Number(priceTextOf(contract, submitted, from))
}

import { randomUUID } from 'node:crypto'
import { Instant, type LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { Optimisation } from '../../../../schemas/dispatch/optimisation.ts'
import { dayEnd, dayStart } from '../../../../schemas/vocabulary/time.ts'
import { type Product, signOf } from '../../../../schemas/vocabulary/units.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../../kit/index.ts'
import { nextQuarterHour } from '../../instructions/index.ts'
import { alignHeld, saveOptimised } from '../../schedules/index.ts'
import { solveDirections } from './directions.ts'
import { type Explained, type ExplainedUnit, explainDirections } from './explaining.ts'
import { type Again, standsAlready } from './flexibility.ts'
import { type DayInputs, readInputs } from './inputs.ts'
import type { Effort } from './solving.ts'
import { latestUnits, type RunRow, viewRun } from './store.ts'
import { optimisationRun, optimisationUnit } from './tables.ts'

/** How long a run may take for FUs with constraints, and the gap that is good enough, unless a timetable sets them. */
export const usualEffort: Effort = { seconds: 20, gap: 1e-3, explainSeconds: 5 }

/**
 * FA07, FB05: finds the cheapest turn-down of each FU of a product in each quarter-hour of a day that brings every node with a forecast to
 * or under its target level, and the cheapest turn-up that brings its reverse power to or under that target, and stores it as the FUs' optimised schedules, with the reason for every W. With constrained FUs it takes as
 * long as `effort` allows, in worker threads, so that requests are still answered.
 */
export async function optimiseDay(
  context: ServerContext,
  actor: Actor,
  day: LocalDate,
  product: Product,
  effort: Effort = usualEffort,
  given: Again = {},
): Promise<Optimisation> {
  const at = context.clock.now()
  const again = { ...given, from: given.from ?? presentOf(day, at) }
  const inputs = await readInputs(context.db, at, day, product, again)
  const directions = await solveDirections(inputs, effort)
  const solved = directions.map((one) => one.solved)
  const result = explainDirections(inputs.nodeNames, directions)
  if (again.from) keepPast(result, await latestUnits(context.db, day, product), again)
  const run = {
    runId: randomUUID(),
    tradingDay: day,
    product,
    startedAt: at,
    startedBy: nameOf(actor),
    units: [...result.units.values()].filter(({ periods }) => periods.length > 0).length,
    method: methods.findLast((method) => solved.some((one) => one.method === method)) ?? 'selection',
    gap: Math.max(...solved.map((one) => one.gap)),
    nodes: [...result.nodes.values()],
    unknown: inputs.unknown,
  }
  await context.db.transaction(async (tx) => {
    await saveRun(tx, run, result)
    await alignHeld(tx, at, day, await saveSchedules(tx, actor, run, { inputs, result, again }))
    await again.alsoDo?.(tx)
    await recordAudit(tx, at, actor, {
      action: 'optimisation.run',
      subject: { type: 'optimisation', id: run.runId },
      detail: { tradingDay: day.toString(), product, units: run.units, method: run.method, gap: run.gap },
    })
  })
  context.announce('dispatch')
  return viewRun(run)
}

/** How a day is solved, from the plainest on: a run is called by the last that one of its directions took. */
const methods: readonly Optimisation['method'][] = ['selection', 'mixed-integer', 'selection-in-runs']

async function saveRun(tx: Queryable, run: RunRow, { units }: Explained): Promise<void> {
  await tx.insert(optimisationRun).values(run)
  const rows = [...units].map(([fuId, unit]) => ({ runId: run.runId, fuId, ...unit }))
  for (let i = 0; i < rows.length; i += 1_000) await tx.insert(optimisationUnit).values(rows.slice(i, i + 1_000))
}

/**
 * Stores the result as optimised schedules of every FU of the product, including FUs at 0 W, because the result of an earlier run must not
 * stand. Returns the FUs whose schedules have changed.
 */
async function saveSchedules(
  tx: Queryable,
  actor: Actor,
  run: RunRow,
  { inputs, result, again }: { inputs: DayInputs; result: Explained; again: Again },
): Promise<string[]> {
  const shortAt = new Set(run.nodes.flatMap((node) => node.periods.filter((p) => p.shortfallW > 0).map((p) => p.from)))
  const changed: string[] = []
  for (const { fuId } of inputs.model.units) {
    if (!inputs.starts.some((from) => inputs.isOwn(fuId, from))) continue
    const chosen = new Map(
      (result.units.get(fuId)?.periods ?? []).map((p) => [p.from, signOf(p.direction ?? 'turn-down') * p.turnDownW]),
    )
    const hasChanged = await saveOptimised(tx, run.startedAt, actor, { fuId, day: run.tradingDay }, (from) =>
      inputs.isOwn(fuId, from) && !stands(again, shortAt, fuId, from) ? chosen.get(from.toString()) || null : undefined,
    )
    if (hasChanged) changed.push(fuId)
  }
  return changed
}

/** For quarter-hours that already stand, the findings of the earlier run hold: this run repeats them. */
function keepPast(result: Explained, before: ReadonlyMap<string, ExplainedUnit>, again: Again): void {
  for (const [fuId, unit] of before) {
    const isPast = ({ from }: { from: string }) => standsAlready(again, fuId, Instant.parse(from))
    const [past, closed] = [unit.periods.filter(isPast), unit.closed.filter(isPast)]
    if (past.length === 0 && closed.length === 0) continue
    const now = result.units.get(fuId) ?? { ...unit, periods: [], closed: [], without: null }
    const together = { periods: [...past, ...now.periods], closed: [...closed, ...now.closed] }
    result.units.set(fuId, { ...now, ...together })
  }
}

/** The first quarter-hour of a day in progress that is still ahead: what is past was issued, or was not. */
function presentOf(day: LocalDate, at: Instant): Instant | undefined {
  return at.isBefore(dayStart(day)) || !at.isBefore(dayEnd(day)) ? undefined : nextQuarterHour(at)
}

/**
 * Whether the current choice for an FU in a quarter-hour stays: it is past, or the FU is lost and nothing can replace it. If the FU returns
 * in time, its turn-down still helps.
 */
function stands(again: Again, shortAt: ReadonlySet<string>, fuId: string, from: Instant): boolean {
  if (standsAlready(again, fuId, from)) return true
  return (again.isLost?.(fuId, from) ?? false) && shortAt.has(from.toString())
}

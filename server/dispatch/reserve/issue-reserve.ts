import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { reserveOperations } from '../../../schemas/dispatch/reserve.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { type Actor, nameOf, type Verb } from '../../kit/index.ts'
import { timetablesOf } from '../../market/index.ts'
import { listInstructions } from '../instructions/index.ts'
import { align, currentSchedules, storeManualSchedule, storeSelection } from '../schedules/index.ts'
import { type ReserveUnit, sortUnits } from './candidates.ts'
import { offerOf } from './offering.ts'
import { shared } from './rules.ts'
import { readSituation, type Situation } from './situation.ts'
import { type ReserveRow, viewReserve } from './store.ts'
import { deliveryReserve } from './tables.ts'

type Issue = typeof reserveOperations.issueReserve

/** What was chosen of an FU. */
interface Chosen {
  each: ReserveUnit
  moreW: readonly number[]
}

/**
 * Issues the reserve of chosen FUs for what an FU does not deliver: as manual schedules that ask for more, which become the live ones, and
 * aligned at once, as re-dispatch does. All of it or nothing; sent when it is committed.
 * @param send sends what is due, at once.
 */
export function issueReserve(send: () => Promise<void>): Verb<Issue> {
  return async ({ at, actor, id, params, body, audit, announce, transaction }) => {
    const row = await transaction(async (tx) => {
      // Two people who saw the same offer cannot both issue it.
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${params.fuId}, 17))`)
      const situation = await readSituation(tx, at, params.fuId, body.nodeId)
      const sorted = await sortUnits(tx, situation)
      const { version } = offerOf(situation, sorted)
      if (version !== body.version)
        throw new ProblemError('changed-meanwhile', 'The offer has changed since you read it: read it again.')
      const chosen = chosenOf(situation, sorted.able, body.fuIds)
      for (const one of chosen) await schedule(tx, situation, actor, one)
      const made = { reserveId: id, ...(await issue(tx, situation, actor, chosen)) }
      await tx.insert(deliveryReserve).values(made)
      audit({
        action: 'reserve.issued',
        subject: { type: 'fu', id: params.fuId },
        detail: { nodeId: body.nodeId, state: situation.state, units: made.units, instructions: made.instructions },
      })
      return made
    })
    announce('dispatch')
    await send()
    return viewReserve(row)
  }
}

function chosenOf({ missingW }: Situation, able: readonly ReserveUnit[], fuIds: readonly string[]): Chosen[] {
  const byId = new Map(able.map((each) => [each.fuId, each]))
  const units = fuIds.map((fuId, i) => {
    const found = byId.get(fuId)
    if (!found) throw problemOf(brokenField(`fuIds[${i}]`, 'is not among the offers'))
    return found
  })
  const parts = shared([...new Set(units)], missingW)
  if (parts.size === 0) throw new ProblemError('conflict', 'Nothing is missing that these FUs could give.')
  return [...parts].flatMap(([fuId, moreW]) => {
    const each = byId.get(fuId)
    return each ? [{ each, moreW }] : []
  })
}

/** Makes a manual schedule with the reserve in it the live one. */
async function schedule(tx: Queryable, { at, day }: Situation, actor: Actor, { each, moreW }: Chosen): Promise<void> {
  const key = { fuId: each.fuId, day }
  const manual = (await currentSchedules(tx, day, [each.fuId])).find((one) => one.kind === 'manual')
  const values = { resolution: 'PT15M' as const, values: each.valuesWith(moreW) }
  await storeManualSchedule(tx, at, actor, key, manual ? String(manual.version) : null, values)
  await storeSelection(
    tx,
    { ...key, product: each.product },
    { kind: 'manual', selectedAt: at, selectedBy: nameOf(actor) },
  )
}

async function issue(
  tx: Queryable,
  situation: Situation,
  actor: Actor,
  chosen: readonly Chosen[],
): Promise<Omit<ReserveRow, 'reserveId'>> {
  const { at, day, quarters, short, nodeId } = situation
  const [from, last] = [quarters[0] ?? at, quarters.at(-1) ?? at]
  const span = { from, to: last.plusSeconds(900) }
  const fuIds = chosen.map(({ each }) => each.fuId)
  const manner = { at, reason: `reserve for ${short.name}`, issues: 'again' as const }
  for (const [product, own] of Map.groupBy(chosen, ({ each }) => each.product)) {
    const ids = own.map(({ each }) => each.fuId)
    for (const timetable of await timetablesOf(tx, product, at)) await align(tx, timetable, span, manner, ids)
  }
  // Some were planned as the schedules were stored, which replaces what is live.
  const planned = await listInstructions(tx, { overlapping: span, fuIds, states: ['planned'] })
  const instructions = planned.filter((row) => row.plannedAt.equals(at)).length
  const units = chosen.map(({ each, moreW }) => ({
    fuId: each.fuId,
    fuName: each.unit.name,
    periods: quarters.flatMap((start, t) => {
      const turnDownW = moreW[t] ?? 0
      return turnDownW > 0 ? [{ from: start.toString(), turnDownW, plannedW: each.plannedW[t] ?? 0 }] : []
    }),
  }))
  return {
    fuId: short.fuId,
    nodeId,
    tradingDay: day,
    issuedAt: at,
    issuedBy: nameOf(actor),
    units,
    instructions,
  }
}

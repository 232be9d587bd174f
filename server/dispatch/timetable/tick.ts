import { Duration, type Instant } from '@js-joda/core'
import { tradingDayOf } from '../../../schemas/time.ts'
import type { ServerContext } from '../../access/index.ts'
import { clearAlarm, raiseAlarm } from '../../grid/index.ts'
import { isContracted, listContracts, serviceAt, termOf } from '../../market/index.ts'
import { type PlannedInstruction, planInstructions } from '../instructions/index.ts'
import { liveSchedules, valueAt } from '../schedules/index.ts'
import { type Claim, claimCycle, fillCycles, finishCycle, holdsClaim } from './cycles.ts'
import type { SingleWindowTimetable } from './timetable.ts'

type Tx = Parameters<Parameters<ServerContext['db']['transaction']>[0]>[0]

/**
 * FA05: one tick of product A. Plans the instruction of every contracted FU whose live schedule asks for something in the window
 * ahead, and settles the ticks that nobody ran. Any number of workers may call it at once (FM08).
 */
export async function tickProductA(
  context: ServerContext,
  at: Instant,
  timetable: SingleWindowTimetable,
): Promise<void> {
  await fillCycles(context.db, 'A', at, timetable.periodMinutes)
  for (;;) {
    const claim = await claimCycle(context.db, 'A', context.clock.now(), timetable.leaseSeconds)
    if (!claim) return
    const lateS = Duration.between(claim.startsAt, context.clock.now()).seconds()
    if (lateS > timetable.graceSeconds) await recordMissed(context, claim, timetable)
    else await issueWindow(context, claim, timetable)
  }
}

async function issueWindow(context: ServerContext, claim: Claim, timetable: SingleWindowTimetable): Promise<void> {
  const at = context.clock.now()
  await context.db.transaction(async (tx) => {
    // First the claim: it locks the tick's row, so that a worker that lost it plans nothing.
    if (!(await holdsClaim(tx, claim))) return
    const planned = await planInstructions(tx, await instructionsFor(tx, context, claim.startsAt, timetable))
    await finishCycle(tx, claim, at, 'issued', planned)
    await clearAlarm(tx, at, { kind: 'dispatch-missed', sourceId: 'product-A' })
  })
}

/** The instructions that a tick owes: contracted, in service, and asked for by the live schedule. 0 W is asked for; `null` is not. */
async function instructionsFor(
  tx: Tx,
  context: ServerContext,
  tickAt: Instant,
  timetable: SingleWindowTimetable,
): Promise<PlannedInstruction[]> {
  const from = tickAt.plusSeconds(timetable.aheadMinutes * 60)
  const day = tradingDayOf(from)
  const contracts = (await listContracts(tx, { product: 'A', from: day, to: day })).filter((c) =>
    isContracted(termOf(c), from),
  )
  const fuIds = contracts.map((c) => c.fuId)
  const [live, service] = [await liveSchedules(tx, day, fuIds), await serviceAt(tx, from, fuIds)]
  return contracts.flatMap((contract) => {
    const schedule = live.get(contract.fuId)
    const turnDownW = schedule ? valueAt(schedule, from) : null
    if (!schedule || turnDownW === null || service.get(contract.fuId) === false) return []
    const to = from.plusSeconds(timetable.periodMinutes * 60)
    return [
      {
        ...{ fuId: contract.fuId, fspId: contract.fspId, product: 'A' as const, expiresAt: from },
        // What was contracted is the most that may be asked for.
        intervals: [{ from, to, turnDownW: Math.min(turnDownW, contract.turnDownW) }],
        ...{ scheduleKind: schedule.kind, scheduleVersion: schedule.version, plannedAt: context.clock.now() },
      },
    ]
  })
}

async function recordMissed(context: ServerContext, claim: Claim, timetable: SingleWindowTimetable): Promise<void> {
  const at = context.clock.now()
  await context.db.transaction(async (tx) => {
    if (!(await holdsClaim(tx, claim))) return
    await finishCycle(tx, claim, at, 'missed', 0)
    const owed = await instructionsFor(tx, context, claim.startsAt, timetable)
    // A tick that owed nothing is recorded, but it is nobody's business at night.
    if (owed.length === 0) return
    await raiseAlarm(tx, at, {
      kind: 'dispatch-missed',
      source: { type: 'timetable', id: 'product-A', name: 'Product A timetable' },
      message: `The ${claim.startsAt} tick of product A was missed: ${owed.length} instructions were not sent.`,
    })
  })
}

import { Instant, LocalDate } from '@js-joda/core'
import { ProblemError, refuse } from '../../platform/http/index.ts'
import { depotPlanOperations } from '../../schemas/fsp/depot-plan.ts'
import { brokenField } from '../../schemas/vocabulary/outcome.ts'
import { clockTimeOf, periodStarts, tradingDayOf, weekdayOf } from '../../schemas/vocabulary/time.ts'
import type { FspContext } from '../app/context.ts'
import { connectionLimitW, type InjectedFaults } from '../depots/index.ts'
import type { CountryOf } from '../flexibility/index.ts'
import { bind, type Entrance, noDepot } from '../kit/index.ts'
import type { Controller, Plans } from '../optimiser/index.ts'
import { requireVersion, write } from '../registers/index.ts'
import { adequacyOf, averagesOf, pointsOf, sessionOf } from './queries.ts'

const dayMs = 86_400_000

/** Steps of one answer: a day of minutes, or a year of quarter-days. */
const mostSteps = 2_000

export interface PlanApiParts {
  controller: Controller
  plans: Plans
  injected: InjectedFaults
  /** Whose bank holidays a depot keeps. */
  countryOf: CountryOf
}

/** State, plan and history of the depots' optimisation, and what is tried in test mode. */
export function depotPlanApi(context: FspContext, parts: PlanApiParts, entrance: Entrance) {
  return bind(depotPlanOperations, entrance, {
    ...reads(context, parts),
    ...calendar(context),
    ...faults(context, parts),
  })
}

type Verbs = Parameters<typeof bind<typeof depotPlanOperations>>[2]

function depotIn(context: FspContext, depotId: string) {
  const depot = context.depots.find((each) => each.depotId === depotId)
  if (!depot) throw noDepot(depotId)
  return depot
}

type ReadName =
  | 'explainDepot'
  | 'readDepotPlan'
  | 'readDepotHistory'
  | 'readDepotAverages'
  | 'readBufferAdequacy'
  | 'readSessionPower'

function reads(context: FspContext, { controller, plans, countryOf }: PlanApiParts): Pick<Verbs, ReadName> {
  const { db, clock } = context
  const known = ({ depotId }: { depotId: string }) => depotIn(context, depotId)
  return {
    explainDepot: ({ params }) => controller.explanation(known(params).depotId),

    readDepotPlan: ({ params }) => plans.view(known(params), clock.now()),

    async readDepotHistory({ params, query }) {
      const { depotId } = known(params)
      const { stepMinutes } = query
      const to = query.to ? Instant.ofEpochMilli(Date.parse(query.to)) : clock.now()
      const from = query.from ? Instant.ofEpochMilli(Date.parse(query.from)) : to.minusMillis(dayMs)
      const steps = (to.toEpochMilli() - from.toEpochMilli()) / (stepMinutes * 60_000)
      refuse(steps > 0 ? null : brokenField('to', 'must be after from'))
      const fewest = Math.ceil((steps * stepMinutes) / mostSteps)
      refuse(
        steps <= mostSteps
          ? null
          : brokenField('stepMinutes', `is too short for this span: take ${fewest} minutes or more`),
      )
      const points = await pointsOf(db, depotId, { from, to, stepMinutes })
      return {
        depotId,
        stepMinutes,
        points: points.map(({ from: start, ...rest }) => ({ from: start.toString(), ...rest })),
      }
    },

    async readDepotAverages({ params, query: { days, dayType } }) {
      const { depotId } = known(params)
      const now = clock.now()
      const today = tradingDayOf(now)
      const times = await averagesOf(db, depotId, { now, days, dayType, country: countryOf(depotId) })
      const [from, to] = [today.minusDays(days).toString(), today.minusDays(1).toString()]
      return { depotId, from, to, dayType, times }
    },

    async readBufferAdequacy({ params, query }) {
      const { depotId, bufferW } = known(params)
      const to = clock.now()
      const from = to.minusMillis(query.days * dayMs)
      const found = await adequacyOf(db, depotId, from, to)
      return { depotId, from: from.toString(), to: to.toString(), bufferW, ...found }
    },

    async readSessionPower({ params }) {
      const { depotId } = known(params)
      const rows = await sessionOf(db, depotId, params.transactionId)
      const [first] = rows
      if (!first)
        throw new ProblemError('not-found', `Nothing is recorded of charge ${params.transactionId} at ${depotId}.`)
      const { transactionId, identity, connector } = first
      const minutes = rows.map(({ at, powerW, limitA }) => ({ at: at.toString(), powerW, limitA }))
      return { transactionId, identity, connector, minutes }
    },
  }
}

function calendar(context: FspContext): Pick<Verbs, 'viewProfiledConnection' | 'duplicateProfiledConnection'> {
  const { registers, clock } = context
  const entryOf = (depotId: string, key: string) => {
    const entry = registers.now().profiledConnections.get(key)
    if (!entry || entry.depotId !== depotId)
      throw new ProblemError('not-found', `Profiled connection ${key} not found at ${depotId}.`)
    return entry
  }
  return {
    viewProfiledConnection({ params: { depotId, key }, query }) {
      const depot = depotIn(context, depotId)
      const { name, from, to, weekdays, steps } = entryOf(depotId, key)
      const today = tradingDayOf(clock.now()).toString()
      // Today, or the nearest day that it covers.
      const iso = query.day ?? ([from, today, to].sort()[1] as string)
      const day = LocalDate.parse(iso)
      const isCovered = from <= iso && iso <= to && weekdays.includes(weekdayOf(day))
      const connectionW = connectionLimitW(depot)
      const quarters = periodStarts(day, 'PT15M').map((at) => ({ at, time: clockTimeOf(at) }))
      const limitAt = (time: string) =>
        isCovered ? (steps.findLast((step) => step.from <= time)?.limitW ?? null) : null
      const points = quarters.map(({ at, time }) => ({ from: at.toString(), limitW: limitAt(time), connectionW }))
      return { key, name, day: iso, isCovered, points }
    },

    async duplicateProfiledConnection({ caller, params: { depotId, key }, body, audit }) {
      depotIn(context, depotId)
      const { reason, key: copy, ...days } = body
      const data = { ...entryOf(depotId, key), ...days }
      const change = { register: 'profiledConnections' as const, key: copy, data }
      const wish = { caller, audit, reason: reason ?? `a copy of ${key}` }
      const [made] = await write(registers, wish, [change], () =>
        requireVersion(registers, { register: 'profiledConnections', key: copy, version: null }),
      )
      if (!made) throw new Error('a copy was not made')
      return { key: copy, version: made.version }
    },
  }
}

function faults(
  context: FspContext,
  { injected, controller }: PlanApiParts,
): Pick<Verbs, 'injectFault' | 'endFault' | 'listFaults'> {
  const view = ({ since, until, ...row }: ReturnType<InjectedFaults['list']>[number]) => ({
    ...row,
    since: since.toString(),
    until: until.toString(),
  })
  return {
    async injectFault({ caller, params: { depotId }, body, audit }) {
      depotIn(context, depotId)
      const record = { action: 'depot.fault-injected', subject: depotId, detail: body }
      const row = await injected.begin(depotId, { ...body, by: caller.username }, (tx) => audit(record, tx))
      controller.runSoon(depotId)
      return view(row)
    },

    async endFault({ params: { depotId, kind }, audit }) {
      depotIn(context, depotId)
      const record = { action: 'depot.fault-ended', subject: depotId, detail: { kind } }
      await injected.end(depotId, kind, (tx) => audit(record, tx))
      controller.runSoon(depotId)
    },

    listFaults: ({ params: { depotId } }) => injected.list(depotIn(context, depotId).depotId).map(view),
  }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Instant, LocalDate } from '@js-joda/core'
import type { SessionRecord } from '../../fsp/simulator/index.ts'
import { SimulatedClock } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { DepotSeed } from '../../schemas/fsp/depots.ts'
import type { Contract } from '../../schemas/market/contracts.ts'
import { partyOperations } from '../../schemas/market/parties.ts'
import { operations } from '../../schemas/operations.ts'
import type { Statement } from '../../schemas/settlement/statements.ts'
import { dayEnd, dayStart, localTimeOf } from '../../schemas/vocabulary/time.ts'
import { readDepots, readEstates, readNodeLoads, readVanUnits } from '../../seeds/index.ts'
import { byHand, scheduleContracts } from '../demo/market.ts'
import { passingDatabases } from '../system/databases.ts'
import { listFeeds } from '../system/feeds.ts'
import { logInAs } from '../system/people.ts'
import type { PortalClient } from '../system/portal-client.ts'
import { type RunningSystem, startSystem } from '../system/system.ts'
import {
  checkDelivery,
  checkDispatch,
  checkEnergy,
  checkFeeds,
  checkHomes,
  checkMeasurements,
  checkStatement,
  dispatchFigures,
  instructedQuarters,
  readFigures,
} from './checks.ts'
import { type DueWindow, dueByForecast, dueByHand } from './due.ts'
import { prepareMarket, prepareOptimiser } from './prepare.ts'
import type { DaySummary } from './summary.ts'

export interface DayOptions {
  day: LocalDate
  seed: number
  sessions?: readonly SessionRecord[]
  /** Depots in place of the nine of the seeds. */
  depots?: readonly DepotSeed[]
  log: Log
  /** Told what is being done. */
  progress(line: string): void
  /** Awaited at each full hour, which has been simulated whole; for observers. */
  onHour?(system: RunningSystem, at: Instant): Promise<void>
  /** Asked each simulated minute whether to give up: then it throws a `StoppedRehearsal` once everything is closed. */
  isStopped?(): boolean
}

/**
 * The rehearsal begins so many hours before the day: vehicles stand charging when the day begins, as on any day, and the FSPs are under
 * contract before the gate for baselines and costs closes at 18:00.
 */
const leadHours = 7

/** Every product that is dispatched and settled. */
const products = ['A', 'B', 'C'] as const

/** It goes on after the day until the last meter data are in. */
const tailMinutes = 45

/** Rehearses a trading day through every process boundary and settles it. Databases and spool are gone afterwards. */
export async function rehearseDay(options: DayOptions): Promise<DaySummary> {
  const startedAt = performance.now()
  const depots = options.depots ?? (await readDepots()).depots
  const [estates, vanUnits] = [await readEstates(), await readVanUnits()]
  const { day, seed, log, progress } = options
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-day-data-'))
  progress('starting PostgreSQL, server, gateway, FSPs and the simulated depots and homes')
  const databases = await passingDatabases()
  try {
    const clock = new SimulatedClock(dayStart(day).minusSeconds(leadHours * 3600))
    const system = await startSystem({
      databases,
      dataFolder: folder,
      ports: {},
      clock,
      log,
      seed,
      depots,
      suppliers: { faultShare: 0 },
      homes: { estates, vanUnits, databaseUrl: databases.homesUrl },
      ...(options.sessions ? { sessions: options.sessions } : {}),
    })
    try {
      const rehearsal = { system, depots, estates, vanUnits, clock, day, progress }
      const { contracts, engineer } = await prepareMarket(rehearsal)
      await prepareOptimiser(rehearsal, contracts)
      const due = [
        ...dueByHand(await scheduleContracts(engineer, byHand(contracts), day)),
        ...dueByForecast(contracts, await readNodeLoads(), await nodesOfUnits(engineer), day),
      ]
      await passDay(rehearsal, options)
      progress('settling')
      const statements = await settle(system, day, contracts)
      const summary = await summarise(system, { day, seed, depots: depots.length, due, statements })
      return { ...summary, wallMs: Math.round(performance.now() - startedAt) }
    } finally {
      await system.close()
    }
  } finally {
    await databases.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** A rehearsal that was asked to stop before its end. Its databases are gone all the same. */
export class StoppedRehearsal extends Error {
  override readonly name = 'StoppedRehearsal'
}

async function passDay(
  { system, clock }: { system: RunningSystem; clock: SimulatedClock },
  { day, progress, onHour, isStopped = () => false }: DayOptions,
): Promise<void> {
  const end = dayEnd(day).plusSeconds(tailMinutes * 60)
  for (let next = nextMinute(clock.now()); !next.isAfter(end); next = nextMinute(next)) {
    if (isStopped()) throw new StoppedRehearsal('stopped before the end of the day')
    await clock.advanceTo(next)
    if (next.toEpochMilli() % hourMs !== 0) continue
    progress(localTimeOf(next).toString().replace('T', ' '))
    await onHour?.(system, next)
  }
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

function nextMinute(at: Instant): Instant {
  return at.plusMillis(minuteMs - (at.toEpochMilli() % minuteMs))
}

async function nodesOfUnits(engineer: PortalClient): Promise<Map<string, string>> {
  const units = await engineer.api.all(partyOperations.listFlexibleUnits, {})
  return new Map(units.map(({ fuId, nodeId }) => [fuId, nodeId]))
}

/** Prepares a statement for every FSP and product that there is a contract for. */
async function settle(system: RunningSystem, day: LocalDate, contracts: readonly Contract[]): Promise<Statement[]> {
  const [clerk] = await logInAs(system.server.url, 'settlement')
  if (!clerk) throw new Error('a rehearsal needs somebody who settles')
  const month = day.toString().slice(0, 7)
  const statements: Statement[] = []
  for (const product of products) {
    for (const { fspId } of await clerk.api.all(partyOperations.listFsps, {})) {
      if (contracts.some((each) => each.fspId === fspId && each.product === product))
        statements.push(await clerk.api.call(operations.prepareStatement, { body: { fspId, product, month } }))
    }
  }
  return statements
}

interface DayResult {
  day: LocalDate
  seed: number
  depots: number
  due: DueWindow[]
  statements: Statement[]
}

async function summarise(system: RunningSystem, result: DayResult): Promise<Omit<DaySummary, 'wallMs'>> {
  const { day, due, statements } = result
  const figures = await readFigures(system.server.context.db, dayStart(day), dayEnd(day))
  const received = [
    ...(await system.fsp.receivedInstructions()),
    ...((await system.homes?.receivedInstructions()) ?? []),
  ]
  const dispatched = products.map((product) => {
    const instructed = instructedQuarters(received, product)
    return { product, instructed, figures: dispatchFigures(ofProduct(due, product), instructed) }
  })
  const lines = statements.flatMap((each) => each.lines)
  return {
    date: day.toString(),
    seed: result.seed,
    depots: result.depots,
    hubs: system.hubs.ports.size,
    polls: system.gateway.counters().polls,
    measurements: figures.measurements,
    breaches: figures.breaches,
    dispatch: Object.fromEntries(
      dispatched.map(({ product, figures: { notOwed: _, ...figures } }) => [product, figures]),
    ) as DaySummary['dispatch'],
    energyTurnedDownWh: Math.round(
      lines.reduce((sum, line) => sum + (line.direction === 'turn-up' ? 0 : line.deliveredWh), 0),
    ),
    meteredWh: Math.round(figures.meteredWh),
    statements: statements.map((each) => ({
      fsp: each.fspName,
      product: each.product,
      lines: each.lines.length,
      amountGbp: each.totalGbp,
    })),
    checks: [
      checkMeasurements(figures.measurements, system.hubs.pointsAnswered()),
      checkFeeds(await listFeeds(system.fsp.url), result.depots),
      ...dispatched.map((each) => checkDispatch(each.figures, each.product)),
      ...statements.map(checkStatement),
      checkEnergy(figures),
      ...dispatched.map((each) => checkDelivery(each.product, each.instructed, statements, figures)),
      ...checkHomes(
        system.homes?.drawn() ?? new Map(),
        dispatched.flatMap((each) => each.instructed),
        figures,
      ),
    ],
  }
}

function ofProduct(due: readonly DueWindow[], product: string): DueWindow[] {
  return due.filter((each) => each.product === product)
}

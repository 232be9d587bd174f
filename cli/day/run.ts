import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Instant, LocalDate } from '@js-joda/core'
import type { SessionRecord } from '../../fsp/simulator/index.ts'
import { SimulatedClock } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { DepotSeed } from '../../schemas/fsp/depots.ts'
import { partyOperations } from '../../schemas/market/parties.ts'
import { operations } from '../../schemas/operations.ts'
import type { Statement } from '../../schemas/settlement/statements.ts'
import { dayEnd, dayStart, localTimeOf } from '../../schemas/vocabulary/time.ts'
import { readDepots } from '../../seeds/index.ts'
import { scheduleContracts } from '../demo/market.ts'
import { passingDatabases } from '../system/databases.ts'
import { logInAs } from '../system/people.ts'
import { type RunningSystem, startSystem } from '../system/system.ts'
import {
  checkDispatch,
  checkEnergy,
  checkMeasurements,
  checkStatement,
  type DueWindow,
  dispatchFigures,
  readFigures,
} from './checks.ts'
import { prepareMarket } from './prepare.ts'
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
}

/** The rehearsal begins so many hours before the day, so that vehicles stand charging when it begins, as on any day. */
const leadHours = 5

/** It goes on after the day until the last meter data are in. */
const tailMinutes = 45

/** Rehearses a trading day through every process boundary and settles it. Databases and spool are gone afterwards. */
export async function rehearseDay(options: DayOptions): Promise<DaySummary> {
  const startedAt = performance.now()
  const depots = options.depots ?? (await readDepots()).depots
  const { day, seed, log, progress } = options
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-day-data-'))
  progress('starting PostgreSQL, server, gateway, FSP and the simulated depots')
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
      ...(options.sessions ? { sessions: options.sessions } : {}),
    })
    try {
      const { contracts, engineer } = await prepareMarket({ system, depots, clock, day, progress })
      const due = await scheduleContracts(engineer, contracts, day)
      await passDay(clock, day, progress)
      progress('settling')
      const statements = await settle(system, day)
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

async function passDay(clock: SimulatedClock, day: LocalDate, progress: (line: string) => void): Promise<void> {
  const end = dayEnd(day).plusSeconds(tailMinutes * 60)
  for (let next = nextHour(clock.now()); next.isBefore(end); next = nextHour(next)) {
    await clock.advanceTo(next)
    progress(localTimeOf(next).toString().replace('T', ' '))
  }
  await clock.advanceTo(end)
}

const hourMs = 3_600_000

function nextHour(at: Instant): Instant {
  return at.plusMillis(hourMs - (at.toEpochMilli() % hourMs))
}

async function settle(system: RunningSystem, day: LocalDate): Promise<Statement[]> {
  const [clerk] = await logInAs(system.server.url, 'settlement')
  if (!clerk) throw new Error('a rehearsal needs somebody who settles')
  const month = day.toString().slice(0, 7)
  const statements: Statement[] = []
  for (const { fspId, status } of await clerk.api.all(partyOperations.listFsps, {})) {
    if (status === 'accepted')
      statements.push(await clerk.api.call(operations.prepareStatement, { body: { fspId, product: 'A', month } }))
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
  const received = await system.fsp.receivedInstructions()
  const dispatch = dispatchFigures(due, received)
  const windows = new Set(received.map((each) => `${each.fuId} ${each.from}`)).size
  const lines = statements.flatMap((each) => each.lines)
  return {
    date: day.toString(),
    seed: result.seed,
    depots: result.depots,
    hubs: system.hubs.ports.size,
    polls: system.gateway.counters().polls,
    measurements: figures.measurements,
    breaches: figures.breaches,
    dispatch: {
      A: { ...dispatch, acknowledged: received.filter((each) => each.outcome === 'accepted').length },
    },
    energyTurnedDownWh: Math.round(lines.reduce((sum, line) => sum + line.deliveredWh, 0)),
    meteredWh: Math.round(figures.meteredWh),
    statements: statements.map((each) => ({
      fsp: each.fspName,
      product: each.product,
      lines: each.lines.length,
      amountGbp: each.totalGbp,
    })),
    checks: [
      checkMeasurements(figures.measurements, system.hubs.pointsAnswered()),
      checkDispatch(dispatch, windows),
      ...statements.map(checkStatement),
      checkEnergy(figures),
    ],
  }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Instant, LocalDate } from '@js-joda/core'
import type { SessionRecord } from '../../fsp/simulator/index.ts'
import { SimulatedClock } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { flexibleUnit, fsp } from '../../schemas/market.ts'
import { baseline } from '../../schemas/metering.ts'
import { pageOf } from '../../schemas/portal.ts'
import { type Statement, statement } from '../../schemas/settlement.ts'
import { dayEnd, dayStart, localTimeOf, tradingDayOf } from '../../schemas/time.ts'
import { readDepots, readPeople } from '../../seeds/index.ts'
import { loadHistory } from '../demo/history.ts'
import { admitApplicants, answeredTenders, awardTenders, publishTenders, scheduleContracts } from '../demo/market.ts'
import { passingDatabases } from '../system/databases.ts'
import { PortalClient } from '../system/portal-client.ts'
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
import type { DaySummary } from './summary.ts'

export interface DayOptions {
  day: LocalDate
  seed: number
  sessions?: readonly SessionRecord[]
  log: Log
  /** Told what is being done. */
  progress(line: string): void
}

/** The rehearsal begins so many hours before the day, so that vehicles stand charging when it begins, as on any day. */
const leadHours = 5

/** It goes on after the day until the last meter data are in. */
const tailMinutes = 45

/** Longest virtual time that one step of the preparation may take before something must be wrong. */
const patienceMinutes = 60

/** Rehearses a trading day through every process boundary and settles it. Databases and spool are gone afterwards. */
export async function rehearseDay(options: DayOptions): Promise<DaySummary> {
  const startedAt = performance.now()
  const { day, seed, log, progress } = options
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-day-data-'))
  progress('starting PostgreSQL, server, gateway, FSP and the simulated depots')
  const databases = await passingDatabases()
  try {
    const clock = new SimulatedClock(dayStart(day).minusSeconds(leadHours * 3600))
    const system = await startSystem({
      ...{ databases, dataFolder: folder, ports: {}, clock, log, seed },
      ...(options.sessions ? { sessions: options.sessions } : {}),
    })
    try {
      const due = await prepareMarket(system, clock, day, progress)
      await passDay(clock, day, progress)
      progress('settling')
      const statements = await settle(system, day)
      const summary = await summarise(system, { day, seed, due, statements })
      return { ...summary, wallMs: Math.round(performance.now() - startedAt) }
    } finally {
      await system.close()
    }
  } finally {
    await databases.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function people(system: RunningSystem, role: string): Promise<PortalClient[]> {
  const accounts = (await readPeople()).filter((person) => person.roles.some((own) => own === role))
  return Promise.all(accounts.map((account) => PortalClient.logIn(system.server.url, account)))
}

/** Registration, history, tender, contracts and schedules, each by whoever does it; returns what will be due. */
async function prepareMarket(
  system: RunningSystem,
  clock: SimulatedClock,
  day: LocalDate,
  progress: (line: string) => void,
): Promise<DueWindow[]> {
  const [engineer, approver] = await people(system, 'flexibility-engineer')
  if (!engineer || !approver) throw new Error('a rehearsal needs two flexibility engineers')
  const { depots } = await readDepots()
  progress('registering the FSP and its flexible units')
  await passUntil(clock, 'the FSP has applied', async () => (await admitApplicants(engineer)) > 0)
  const units = async () => (await engineer.get('/flexible-units', pageOf(flexibleUnit))).items
  await passUntil(clock, 'its units are registered', async () => (await units()).length === depots.length)
  progress('uploading the history of the units')
  await loadHistory(system, depots, tradingDayOf(clock.now()))
  const [first] = await units()
  const baselineKnown = async () => {
    const found = await engineer.get(`/flexible-units/${first?.fuId}/baseline?day=${day}`, baseline)
    return found.periods.every((period) => period.energyWh !== null)
  }
  await passUntil(clock, 'the history has been uploaded', baselineKnown)
  progress('tendering')
  const gateClosesAt = clock.now().plusSeconds(patienceMinutes * 60)
  const tenders = await publishTenders(engineer, { validFrom: day, validTo: day.plusDays(30), gateClosesAt })
  const allAnswered = async () => (await answeredTenders(engineer, tenders)) === tenders.length
  await passUntil(clock, 'every tender is answered', allAnswered)
  const contracts = await awardTenders(engineer, approver, tenders)
  return scheduleContracts(engineer, contracts, day)
}

/** Lets time pass minute by minute until something is so. */
async function passUntil(clock: SimulatedClock, what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let minute = 0; minute < patienceMinutes; minute++) {
    if (await isSo()) return
    await clock.advanceTo(clock.now().plusSeconds(60))
  }
  throw new Error(`in ${patienceMinutes} simulated minutes it did not come to this: ${what}`)
}

async function passDay(clock: SimulatedClock, day: LocalDate, progress: (line: string) => void): Promise<void> {
  const end = dayEnd(day).plusSeconds(tailMinutes * 60)
  for (let next = nextHour(clock.now()); next.isBefore(end); next = nextHour(next)) {
    await clock.advanceTo(next)
    progress(`${day} ${localTimeOf(next).toLocalDate().equals(day) ? '' : '± '}${localTimeOf(next).toLocalTime()}`)
  }
  await clock.advanceTo(end)
}

const hourMs = 3_600_000

function nextHour(at: Instant): Instant {
  return at.plusMillis(hourMs - (at.toEpochMilli() % hourMs))
}

async function settle(system: RunningSystem, day: LocalDate): Promise<Statement[]> {
  const [clerk] = await people(system, 'settlement')
  if (!clerk) throw new Error('a rehearsal needs somebody who settles')
  const month = day.toString().slice(0, 7)
  const statements: Statement[] = []
  for (const { fspId, status } of (await clerk.get('/fsps', pageOf(fsp))).items) {
    if (status === 'accepted')
      statements.push(await clerk.post('/statements', statement, { fspId, product: 'A', month }))
  }
  return statements
}

interface DayResult {
  day: LocalDate
  seed: number
  due: DueWindow[]
  statements: Statement[]
}

async function summarise(system: RunningSystem, result: DayResult): Promise<Omit<DaySummary, 'wallMs'>> {
  const { day, due, statements } = result
  const { depots } = await readDepots()
  const figures = await readFigures(system.server.context.db, dayStart(day), dayEnd(day))
  const received = await system.fsp.receivedInstructions()
  const dispatch = dispatchFigures(due, received)
  const windows = new Set(received.map((each) => `${each.fuId} ${each.from}`)).size
  const lines = statements.flatMap((each) => each.lines)
  return {
    date: day.toString(),
    seed: result.seed,
    depots: depots.length,
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
      ...{ fsp: each.fspName, product: each.product, lines: each.lines.length, amountGbp: each.totalGbp },
    })),
    checks: [
      checkMeasurements(figures.measurements, system.hubs.pointsAnswered()),
      checkDispatch(dispatch, windows),
      ...statements.map(checkStatement),
      checkEnergy(figures),
    ],
  }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { fspMigrations } from '../fsp/app/migrations.ts'
import { chargingTransaction } from '../fsp/chargepoints/tables.ts'
import { depotMode } from '../fsp/depots/tables.ts'
import { type RunningFsp, startFsp } from '../fsp/index.ts'
import { SimulatedClock } from '../platform/clock/index.ts'
import { createDatabase, migrateDatabase, openDatabase, startCluster, urlOfDatabase } from '../platform/db/index.ts'
import { createLog } from '../platform/log/index.ts'
import { depotAccessOperations } from '../schemas/fsp/depot-access.ts'
import { depotOperations } from '../schemas/fsp/depot-api.ts'
import { depotPlanOperations } from '../schemas/fsp/depot-plan.ts'
import type { DepotSeed } from '../schemas/fsp/depots.ts'
import { createClient } from '../test/support/client.ts'
import { depotsOf, evTypes, models, socketsOf } from './depot-cycle/depots.ts'

const start = Instant.parse('2026-01-15T17:00:00Z')
const password = 'a pass phrase of the benchmark'
const siteLoadKey = 'a-key-of-the-benchmark'

/** The goals: one cycle of the largest depot of the trial, and of a fleet, ms. */
const goalsMs = { one: 50, fleet: 2_000 }

/**
 * `--cycles 15`: one whole cycle of the FSP, with a vehicle at every socket, as its minute passes: headroom from a new site load, state of
 * charge, needs and priorities, the shared limits, the allocation, its explanation, set points (recorded, in test mode) and history, to
 * PostgreSQL. `oneMs`: 87 sockets and 122 vehicles at one depot; `fleetMs`: 10,000 sockets at 100 depots; medians. `ratio`: the lesser of
 * goal / figure.
 */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const cycles = Number(options['cycles'] ?? 15)
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-cycle-'))
  const cluster = await startCluster({ folder: await mkdtemp(join(tmpdir(), 'ringmain-cycle-')), durable: true })
  try {
    const measure = async (name: string, depots: readonly DepotSeed[]) => {
      await createDatabase(cluster.url(), name)
      return measured(urlOfDatabase(cluster.url(), name), join(folder, `${name}.key`), depots, cycles)
    }
    const one = await measure('one', depotsOf(1, 87, 122))
    const fleet = await measure('fleet', depotsOf(100, 100, 100))
    return {
      oneMs: one.medianMs,
      fleetMs: fleet.medianMs,
      oneWorstMs: one.worstMs,
      fleetWorstMs: fleet.worstMs,
      oneSockets: one.sockets,
      fleetSockets: fleet.sockets,
      fleetSetpoints: fleet.setpoints,
      cycles,
      ratio: Math.min(goalsMs.one / one.medianMs, goalsMs.fleet / fleet.medianMs),
    }
  } finally {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measured(databaseUrl: string, secretKeyFile: string, depots: readonly DepotSeed[], cycles: number) {
  await plugIn(databaseUrl, depots)
  const clock = new SimulatedClock(start)
  const fsp = await startFsp({
    databaseUrl,
    environment: 'live',
    host: '127.0.0.1',
    port: 0,
    ocppPort: 0,
    firstKeys: () => '00'.repeat(20),
    dnoUrl: null,
    first: { depots, models, evTypes },
    feedKeys: { 'site-load': siteLoadKey },
    firstPassword: password,
    secretKeyFile,
    clock,
    log: createLog('fsp', 'error'),
  })
  try {
    const times: number[] = []
    for (let cycle = 0; cycle < cycles; cycle++) {
      await deliver(fsp, depots, clock.now(), cycle)
      await clock.advanceTo(clock.now().plusSeconds(1))
      const startMs = performance.now()
      await clock.advanceTo(clock.now().plusSeconds(59))
      times.push(performance.now() - startMs)
    }
    const found = await explained(fsp, depots)
    return { medianMs: rounded(median(times)), worstMs: rounded(Math.max(...times)), ...found }
  } finally {
    await fsp.close()
  }
}

/** A vehicle at every socket, arrived one after another; the depots in test mode, in which no charge point need be there. */
async function plugIn(databaseUrl: string, depots: readonly DepotSeed[]): Promise<void> {
  await migrateDatabase(databaseUrl, fspMigrations)
  const { db, close } = await openDatabase(databaseUrl, { poolSize: 2 })
  await db.insert(depotMode).values(depots.map(({ depotId }) => ({ depotId, mode: 'test' as const })))
  for (const depot of depots) {
    const rows = socketsOf(depot).map((socket, i) => ({
      ...socket,
      idTag: `${depot.depotId}-${String(i + 1).padStart(3, '0')}`,
      startAt: start.minusSeconds(60 * (i + 1)),
      startWh: 1_000 * i,
    }))
    await db.insert(chargingTransaction).values(rows)
  }
  await close()
}

/** A site load that swings from cycle to cycle, so that set points change. */
async function deliver({ url }: RunningFsp, depots: readonly DepotSeed[], at: Instant, cycle: number): Promise<void> {
  const client = createClient(url, { authorization: `Bearer ${siteLoadKey}` })
  for (const { depotId, ascKva } of depots) {
    const readings = [{ at: at.toString(), siteLoadW: ascKva * (cycle % 2 === 0 ? 300 : 100) }]
    const { status } = await client.ask(depotOperations.takeSiteLoad, { params: { depotId }, body: { readings } })
    if (status !== 204) throw new Error(`the site load of ${depotId} was answered ${status}`)
  }
}

/** Sockets that the last decision was about, with the set points of the last minute. Throws if it gave more than there is. */
async function explained({ url }: RunningFsp, depots: readonly DepotSeed[]) {
  const login = await createClient(url).ask(depotAccessOperations.logIn, { body: { username: 'admin', password } })
  const client = createClient(url, { authorization: `Bearer ${login.body.token}` })
  let sockets = 0
  let setpoints = 0
  for (const { depotId } of depots) {
    const { body } = await client.ask(depotPlanOperations.explainDepot, { params: { depotId } })
    sockets += body.sockets.length
    setpoints += body.sockets.filter(({ limitA }: { limitA: number }) => limitA > 0).length
  }
  if (sockets !== depots.reduce((sum, depot) => sum + socketsOf(depot).length, 0))
    throw new Error(`${sockets} sockets were decided for`)
  return { sockets, setpoints }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant, LocalDate } from '@js-joda/core'
import { prepareMarket } from '../../cli/day/prepare.ts'
import { logInAs } from '../../cli/system/people.ts'
import type { PortalClient } from '../../cli/system/portal-client.ts'
import { sharedSecret } from '../../cli/system/secret-file.ts'
import { type RunningSystem, type SystemOptions, startSystem } from '../../cli/system/system.ts'
import { SimulatedClock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { createLog } from '../../platform/log/index.ts'
import type { DepotSeed } from '../../schemas/fsp/depots.ts'
import type { Contract } from '../../schemas/market/contracts.ts'
import type { Role } from '../../schemas/vocabulary/roles.ts'
import { readDepots, readEstates } from '../../seeds/index.ts'
import { atEnd } from './cleanup.ts'
import { createTestDatabase } from './database.ts'

/** The whole system at work on some depots, with contracts for product A from 17:00 to 19:00. */
export interface Scenario {
  system: RunningSystem
  clock: SimulatedClock
  day: LocalDate
  depots: DepotSeed[]
  contracts: Contract[]
  engineer: PortalClient
  /** The FSP’s own database. */
  fspDb: Database
  /** The key of programs that read the state of depots. */
  depotStateKey: string
  /** Lets time pass until a wall-clock time of the day. */
  passTo(time: string): Promise<void>
  at(time: string): Instant
  /** Somebody with a role, logged in at the portal. */
  person(role: Role): Promise<PortalClient>
}

/** A working day in winter: local time is UTC. */
const day = LocalDate.parse('2026-01-15')

/** Starts every process on real sockets, from 15:00 on, and takes the market as far as contracts; closed when the test file is done. */
export async function startScenario(given: {
  depotIds: readonly string[]
  /** Estates of the second FSP; without them the reference FSP is alone. */
  siteIds?: readonly string[]
  change?: (depot: DepotSeed) => DepotSeed
  portalFolder?: string
  tracing?: NonNullable<SystemOptions['tracing']>
}): Promise<Scenario> {
  const [server, fsp] = [await createTestDatabase('server'), await createTestDatabase('fsp')]
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-scenario-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const at = (time: string) => Instant.parse(`${day}T${time}:00Z`)
  const clock = new SimulatedClock(at('15:00'))
  const depots = (await readDepots()).depots
    .filter(({ depotId }) => given.depotIds.includes(depotId))
    // Its contracts are of product A alone.
    .map(({ localProduct: _, ...depot }) => (given.change ?? ((each) => each))(depot))
  const estates = (await readEstates()).filter(({ siteId }) => given.siteIds?.includes(siteId))
  const homes = estates.length === 0 ? {} : { homes: { estates, databaseUrl: (await createTestDatabase('fsp')).url } }
  const system = await startSystem({
    databases: { serverUrl: server.url, fspUrl: fsp.url },
    dataFolder: folder,
    ports: {},
    clock,
    seed: 7,
    depots,
    ...homes,
    log: createLog('scenario', process.env['RINGMAIN_TEST_LOG'] ?? 'silent'),
    ...(given.portalFolder ? { portalFolder: given.portalFolder } : {}),
    ...(given.tracing ? { tracing: given.tracing } : {}),
  })
  atEnd(() => system.close())
  const { contracts, engineer } = await prepareMarket({
    system,
    depots,
    estates,
    clock,
    day,
    progress: () => undefined,
  })
  return {
    system,
    clock,
    day,
    depots,
    contracts,
    engineer,
    at,
    fspDb: fsp.db,
    depotStateKey: await sharedSecret(folder, 'depot-state', () => undefined),
    passTo: (time) => clock.advanceTo(at(time)),
    async person(role) {
      const [found] = await logInAs(system.server.url, role)
      if (!found) throw new Error(`nobody in the demo is ${role}`)
      return found
    },
  }
}

import type { Instant } from '@js-joda/core'
import { SimulatedClock, type Timer } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { InstructionSummary } from '../../schemas/dispatch/instructions.ts'
import { operations } from '../../schemas/operations.ts'
import { type Direction, weekday } from '../../schemas/vocabulary/units.ts'
import { dispatchJobs } from '../../server/dispatch/index.ts'
import type { Client } from './client.ts'
import { type ControlFsp, startControlFsp } from './control-fsp.ts'
import { createTestDatabase } from './database.ts'
import {
  awardContracts,
  giveAuthority,
  registerBattery,
  registerFsp,
  registerUnit,
  saveTestNetwork,
  saveTestSite,
  type TestFsp,
} from './market.ts'
import { startTestServer, type TestServer } from './server.ts'

export interface DispatchRig {
  server: TestServer
  databaseUrl: string
  /** The database by its owner, for what the server itself may not do. */
  db: Database
  clock: SimulatedClock
  engineer: Client
  control: ControlFsp
  fsp: TestFsp
  /** MPAN of the site that all units stand behind, which the FSP has authority over. */
  mpan: string
  /** The MPAN of that site that an FSP has authority over; another FSP is given another one when it is first asked for. */
  mpanOf(fsp: TestFsp): Promise<string>
  /** An FU under contract for 40 kW on weekday evenings from 17:00 to 19:00, with a live manual schedule of `powerW` in them all. */
  contractedUnit(name: string, powerW?: number, of?: TestFsp): Promise<string>
  /** An FU, a new one without `fuId`, under contract for 40 kW of a product, a battery if it is to turn up; no schedule. */
  unitFor(
    product: string,
    name: string,
    change?: { from?: string; to?: string; utilisation?: string; of?: TestFsp; direction?: Direction; fuId?: string },
  ): Promise<string>
  /** Saves a manual schedule of 2026-01-15 with values of 15-minute periods by their UTC start `HH:MM`. */
  schedule(fuId: string, values: Record<string, number | null>): Promise<void>
  select(fuId: string): Promise<void>
  instructions(fuId: string): Promise<InstructionSummary[]>
  openAlarms(): Promise<{ kind: string; sourceId: string; state: string; message: string }[]>
  /** Starts the timetable's jobs, as one more server would. */
  /** The periodic work of dispatch, as a server runs it; it ends with the test, or when each of it is cancelled. */
  startJobs(): Timer[]
}

export const rigDay = '2026-01-15'

const weekdays = { weekdays: weekday.options.slice(0, 5) }

/** The DNO’s server at a virtual time of a winter Thursday, with one FSP that has a control API of its own. */
export async function startDispatchRig(start: Instant): Promise<DispatchRig> {
  const { db, url: databaseUrl } = await createTestDatabase('server')
  const clock = new SimulatedClock(start)
  const server = await startTestServer(databaseUrl, clock)
  const engineer = await server.person('erin', 'flexibility-engineer')
  const second = await server.person('sam', 'flexibility-engineer')
  await saveTestNetwork(db)
  const { mpan, mpans } = await saveTestSite(db, start, { mpans: 9 })
  const control = await startControlFsp((await createTestDatabase('server')).db)
  const fsp = await registerFsp(server, engineer, 'Depot Charging Ltd', control)
  const versions = new Map<string, number>()
  const held = new Map<string, string>()
  const rig: DispatchRig = {
    server,
    databaseUrl,
    db,
    clock,
    engineer,
    control,
    fsp,
    mpan,
    async mpanOf({ fspId, client }) {
      const found = held.get(fspId) ?? mpans[held.size]
      if (!found) throw new Error('the site has no more MPANs')
      if (!held.has(fspId)) await giveAuthority(engineer, client, found)
      held.set(fspId, found)
      return found
    },
    async contractedUnit(name, powerW = 40_000, of = fsp) {
      const { fuId } = await registerUnit(of.client, name, await rig.mpanOf(of))
      const gateClosesAt = clock.now().plusSeconds(1).toString()
      await awardContracts(engineer, second, [{ client: of.client, fuId, turnDownW: 40_000 }], { gateClosesAt }, () =>
        clock.advanceTo(clock.now().plusSeconds(1)),
      )
      const evening = ['17:00', '17:15', '17:30', '17:45', '18:00', '18:15', '18:30', '18:45']
      await rig.schedule(fuId, Object.fromEntries(evening.map((at) => [at, powerW])))
      await rig.select(fuId)
      return fuId
    },
    async unitFor(product, name, change = {}) {
      const { from = '17:00', to = '19:00', utilisation = '100.00', of = fsp, direction = 'turn-down' } = change
      const register = direction === 'turn-up' ? registerBattery : registerUnit
      const fuId = change.fuId ?? (await register(of.client, name, await rig.mpanOf(of))).fuId
      const gateClosesAt = clock.now().plusSeconds(1).toString()
      const windows = [{ ...weekdays, from, to, requiredW: 40_000 }]
      await awardContracts(
        ...([engineer, second, [{ client: of.client, fuId, turnDownW: 40_000, utilisation }]] as const),
        { gateClosesAt, product, direction, windows },
        () => clock.advanceTo(clock.now().plusSeconds(1)),
      )
      return fuId
    },
    async schedule(fuId, given) {
      const values = Array.from({ length: 96 }, (_, i) => {
        const at = `${String(Math.floor(i / 4)).padStart(2, '0')}:${String((i % 4) * 15).padStart(2, '0')}`
        return given[at] ?? null
      })
      const version = versions.get(fuId) ?? 0
      const { status, body } = await engineer.ask(operations.saveManualSchedule, {
        params: { fuId, day: rigDay, kind: 'manual' },
        body: { resolution: 'PT15M', values },
        version: version === 0 ? null : version,
      })
      if (status !== 200) throw new Error(body.detail)
      versions.set(fuId, body.version)
    },
    async select(fuId) {
      await engineer.ask(operations.selectDispatchSchedule, { params: { fuId, day: rigDay }, body: { kind: 'manual' } })
    },
    instructions: async (fuId) =>
      (await fsp.client.ask(operations.listInstructions, { query: { day: rigDay, fuId } })).body.items,
    openAlarms: async () =>
      (await db.$client`
        select kind, source_id as "sourceId", state, message from alarm
        where state in ('unacknowledged', 'acknowledged') order by raised_at`) as never,
    startJobs: () => dispatchJobs(server.context),
  }
  await rig.mpanOf(fsp)
  return rig
}

import { randomUUID } from 'node:crypto'
import { Instant, LocalDate } from '@js-joda/core'
import { SimulatedClock } from '../../../../platform/clock/index.ts'
import type { Database } from '../../../../platform/db/index.ts'
import { operations } from '../../../../schemas/operations.ts'
import type { MeterReceipt } from '../../../../schemas/settlement/metering.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import type { Answer, Client } from '../../../../test/support/client.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import {
  awardContracts,
  giveAuthority,
  registerFsp,
  registerUnit,
  saveTestNetwork,
  saveTestSite,
  type TestFsp,
} from '../../../../test/support/market.ts'
import { startTestServer, type TestServer } from '../../../../test/support/server.ts'

export interface SettlementRig {
  db: Database
  server: TestServer
  clock: SimulatedClock
  clerk: Client
  second: Client
  engineer: Client
  fsp: TestFsp
  /** Lets time pass, and logs everybody in again, since sessions end. */
  passTo(at: string): Promise<void>
  /** An FU contracted for 40 kW on weekday evenings from 17:00 to 19:00, at 10 £/MW/h and 100 £/MWh. */
  contractedUnit(
    name: string,
    isWholeSite?: boolean,
  ): Promise<{ fuId: string; contractId: string; connectionId: string }>
  /** An instruction for a quarter-hour that the FSP accepted. */
  instructed(fuId: string, from: string, turnDownW: number): Promise<void>
  upload(fuId: string, readings: [string, number | null][], change?: object): Promise<Answer>
  /** A whole day of quarter-hours, `wh(i)` each. */
  uploadDay(fuId: string, day: string, wh: (i: number) => number, revision?: number): Promise<MeterReceipt>
}

/** Market and settlement on real sockets, at a virtual time of January 2026, when local time is UTC. */
export async function startSettlementRig(): Promise<SettlementRig> {
  const { db, url } = await createTestDatabase('server')
  const clock = new SimulatedClock(Instant.parse('2026-01-01T00:00:00Z'))
  const server = await startTestServer(url, clock)
  const engineer = await server.person('erin', 'flexibility-engineer')
  const [clerk, second] = [await server.person('clara', 'settlement'), await server.person('sven', 'settlement')]
  await saveTestNetwork(db)
  const control = {
    controlApi: {
      baseUrl: 'http://127.0.0.1:9/control',
      tokenEndpoint: 'http://127.0.0.1:9/token',
      clientId: 'dno',
      clientSecret: 'a long secret',
    },
  }
  const fsp = await registerFsp(server, engineer, 'Depot Charging Ltd', control as never)
  await clock.advanceTo(Instant.parse('2026-01-01T00:01:00Z'))
  const rig: SettlementRig = {
    db,
    server,
    clock,
    clerk,
    second,
    engineer,
    fsp,
    async passTo(at) {
      await clock.advanceTo(Instant.parse(at))
      rig.engineer = await server.person('erin', 'flexibility-engineer')
      rig.clerk = await server.person('clara', 'settlement')
      rig.second = await server.person('sven', 'settlement')
    },
    async contractedUnit(name, isWholeSite = false) {
      const { mpan } = await saveTestSite(db, clock.now())
      await db.$client`delete from profile`
      await giveAuthority(rig.engineer, fsp.client, mpan)
      const { fuId, connectionId } = await registerUnit(fsp.client, name, mpan, 50_000, isWholeSite)
      const sam = await server.person('sam', 'flexibility-engineer')
      const gateClosesAt = clock.now().plusSeconds(1).toString()
      const [contract] = await awardContracts(
        ...([rig.engineer, sam, [{ client: fsp.client, fuId, turnDownW: 40_000 }], { gateClosesAt }] as const),
        () => clock.advanceTo(clock.now().plusSeconds(1)),
      )
      return { fuId, contractId: contract.contractId, connectionId }
    },
    async instructed(fuId, from, turnDownW) {
      const [fromAt, toAt] = [from, Instant.parse(from).plusSeconds(900).toString()]
      const intervals = JSON.stringify([{ from: fromAt, to: toAt, turnDownW }])
      await db.$client`
        insert into instruction (instruction_id, fu_id, fsp_id, product, from_at, to_at, turn_down_w, intervals, state,
          schedule_kind, schedule_version, planned_at, issued_at, acknowledged_at, expires_at)
        values (${randomUUID()}, ${fuId}, ${fsp.fspId}, 'A', ${fromAt}, ${toAt}, ${turnDownW}, ${intervals}, 'ended',
          'manual', 1, ${fromAt}, ${fromAt}, ${fromAt}, ${fromAt})`
    },
    upload: (fuId, readings, change = {}) =>
      fsp.client.ask(operations.uploadReadings, {
        body: {
          fuId,
          meterId: 'm1',
          resolution: 'PT15M',
          stamp: 'period-start',
          revision: 1,
          readings: readings.map(([at, energyWh]) => ({ at, energyWh, quality: 'measured' })),
          ...change,
        },
      }),
    async uploadDay(fuId, day, wh, revision = 1) {
      const starts = periodStarts(LocalDate.parse(day), 'PT15M')
      const readings = starts.map((at, i): [string, number] => [at.toString(), wh(i)])
      const { status, body } = await rig.upload(fuId, readings, { revision })
      if (status !== 200) throw new Error(JSON.stringify(body))
      return body
    },
  }
  return rig
}

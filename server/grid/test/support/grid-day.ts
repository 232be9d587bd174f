import type { Instant } from '@js-joda/core'
import { expect } from 'vitest'
import { SimulatedClock } from '../../../../platform/clock/index.ts'
import type { Alarm } from '../../../../schemas/grid/alarms.ts'
import { operations } from '../../../../schemas/operations.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import { startTestServer } from '../../../../test/support/server.ts'
import { gridJobs } from '../../index.ts'
import { gatewaysOf } from './gateways.ts'
import { powerBatch } from './readings.ts'
import { saveTestNetwork, saveTestSite, type TestSite } from './site.ts'

/** A day of the grid wing: its jobs, and a gateway that sends a minute's measurements of each site before they run. */
export async function startGrid(
  start: Instant,
  names: readonly string[] = ['Islington'],
  given: Parameters<typeof saveTestSite>[2] = {},
) {
  const { db, url } = await createTestDatabase('server')
  await saveTestNetwork(db)
  const clock = new SimulatedClock(start)
  const server = await startTestServer(url, clock)
  const gateway = gatewaysOf(server)
  let operator = await server.person('olivia', 'operator')
  const sites: TestSite[] = []
  for (const name of names) sites.push(await saveTestSite(db, start, { ...given, name }))
  const loads = new Map<string, readonly (number | null)[] | null>(sites.map((s) => [s.hubId, [60_000, 0, 20_000]]))
  let sequence = 0
  clock.every('gateway', 60_000, async (at) => {
    sequence += 1
    const batches = sites.flatMap(({ hubId }) => {
      const load = loads.get(hubId)
      return load ? [powerBatch(hubId, sequence, load, at)] : []
    })
    if (batches.length === 0) return
    const answer = await gateway('gateway-1').ask(operations.storeMeasurements, { body: { batches } })
    expect(answer.status).toBe(200)
  })
  gridJobs(server.context)
  const site = sites[0] as TestSite
  return {
    db,
    clock,
    operator,
    /** A session ends after some hours of the clock. */
    async logIn() {
      operator = await server.person(`operator-${clock.now().toEpochMilli()}`, 'operator')
    },
    sites,
    site,
    setLoad: (hubId: string, load: readonly (number | null)[] | null) => loads.set(hubId, load),
    go: (minutes: number) => clock.advanceTo(clock.now().plusSeconds(minutes * 60)),
    alarms: async (): Promise<Alarm[]> => (await operator.ask(operations.listAlarms)).body.items,
    connection: async (id = site.connectionId) =>
      (await operator.ask(operations.readConnection, { params: { id } })).body,
  }
}

import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { demandExample } from '../../../schemas/planning/demand-examples.ts'
import type { RunNode } from '../../../schemas/planning/demand-runs.ts'
import { seedDemand } from '../../../seeds/demand.ts'
import { hubsOf, readDepots, seedServer } from '../../../seeds/index.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { runWaiting } from './run-demand.ts'

test('the demo has a synthetic study whose nodes are ranked, and seeding it again adds nothing', async () => {
  const { url } = await createTestDatabase('server')
  const server = await startTestServer(url, new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z')))
  const { depots } = await readDepots()
  const ports = new Map(hubsOf(depots).map(({ hubId }, n) => [hubId, 20_000 + n]))
  await seedServer(
    server.context,
    depots,
    { host: '127.0.0.1', ports, gatewayId: 'gateway-1', integrityPollS: 60 },
    'secret of the gateway',
  )
  await seedDemand(server.context)
  await seedDemand(server.context)
  await runWaiting(server.context)
  const viewer = await server.person('otto', 'operator')
  const { body: runs } = await viewer.ask(operations.listDemandRuns, { query: {} })
  expect(
    runs.items.map(({ state, isSynthetic }: { state: string; isSynthetic: boolean }) => [state, isSynthetic]),
  ).toEqual(Array(3).fill(['done', true]))
  const { body: trips } = await viewer.ask(operations.readDemandRun, { params: { id: demandExample.tripRun } })
  // The trial had 15 to 20 %; the made-up drivers are to be of that order.
  expect(trips.summary.onShiftShare).toBeGreaterThan(0.05)
  expect(trips.summary.onShiftShare).toBeLessThan(0.35)
  // The two methods are to disagree, or nothing is seen side by side.
  const params = { id: demandExample.networkRun, otherId: demandExample.feedingRun }
  const { body: compared } = await viewer.ask(operations.compareDemandRuns, { params })
  expect(compared.otherFirstYear).toBeGreaterThanOrEqual(2)
  const { body } = await viewer.ask(operations.listRunNodes, { params: { id: demandExample.networkRun }, query: {} })
  const known = body.items.filter(({ isKnown }: RunNode) => isKnown)
  expect(known.length).toBeGreaterThanOrEqual(4)
  expect(known[0]).toMatchObject({ rank: 1, firstYear: expect.any(Number) })
  expect(known.map(({ firstYear }: RunNode) => firstYear ?? 9_999)).toEqual(
    known.map(({ firstYear }: RunNode) => firstYear ?? 9_999).toSorted((a: number, b: number) => a - b),
  )
})

import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { startTestServer } from '../../test/support/server.ts'
import { readDepots, readEstates, readVanUnits, seedEstates, seedServer, seedVanHomes } from '../index.ts'
import { seedHalfHours } from './half-hours.ts'

const { db, url } = await createTestDatabase('server')
const clock = new SimulatedClock(Instant.parse('2026-01-15T12:10:00Z'))
const server = await startTestServer(url, clock, { environment: 'demo' })
const planner = await server.person('priya', 'planner')

beforeAll(async () => {
  const { depots } = await readDepots()
  const ports = new Map(depots.flatMap(({ hubId }) => (hubId ? [[hubId, 20_000]] : [])) as [string, number][])
  const places = { host: '127.0.0.1', ports, gatewayId: 'gateway-1', integrityPollS: 60 }
  await seedServer(server.context, depots, places, 'a secret of the gateway')
  await seedEstates(server.context, await readEstates())
  await seedVanHomes(server.context, await readVanUnits())
})

test('every node and connection gets its half-hours; a start that was stopped goes on, and another adds nothing', async () => {
  const days = 2
  let places = 0
  const first = await seedHalfHours(server.context, { days, isStopped: () => ++places > 10 })
  // Two whole days and 24 half-hours of the third.
  expect(first).toEqual({ places: 10, halfHours: 10 * 120 })
  // 37 nodes, 9 depots, 6 estates, and 20 and 16 homes: 88 places.
  expect(await seedHalfHours(server.context, { days })).toEqual({ places: 78, halfHours: 78 * 120 })
  expect(await seedHalfHours(server.context, { days })).toEqual({ places: 0, halfHours: 0 })
  const [counted] = await db.execute(sql`
    select (select count(*)::int from node_half_hour) as nodes, (select count(*)::int from connection_half_hour) as connections,
      (select count(*)::int from node_half_hour where source <> 'synthetic') as others`)
  expect(counted).toEqual({ nodes: 37 * 120, connections: 51 * 120, others: 0 })
})

test('the headroom of a node is known then, and a node that is said to be full has little', async () => {
  const leastOf = async (id: string) => {
    const { body } = await planner.ask(operations.readHeadroom, { params: { id }, query: { day: '2026-01-16' } })
    const periods: { headroomW: number | null; capacityW: number }[] = body.periods
    expect(periods.every(({ headroomW }) => headroomW !== null)).toBe(true)
    return Math.min(...periods.map(({ headroomW, capacityW }) => (headroomW ?? 0) / capacityW))
  }
  expect(await leastOf('lpn-farringdon-pri')).toBeGreaterThan(0.2)
  expect(await leastOf('spn-orpington-pri')).toBeLessThan(0.2)
})

import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { demandExample } from '../../../schemas/planning/demand-examples.ts'
import type { RunPlace } from '../../../schemas/planning/demand-runs.ts'
import { seedDemand } from '../../../seeds/demand.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveTestNetwork } from '../../grid/test/support/site.ts'
import { runWaiting } from './run-demand.ts'

test('R24 a run over trips says where drivers live and where trips begin, by area and by borough', async () => {
  const { db, url } = await createTestDatabase('server')
  await saveTestNetwork(db)
  const server = await startTestServer(url, new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z')))
  await seedDemand(server.context)
  await runWaiting(server.context)
  const viewer = await server.person('otto', 'operator')
  const places = async (by: 'area' | 'borough', query: Record<string, unknown> = {}) => {
    const { status, body } = await viewer.ask(operations.listRunPlaces, {
      params: { id: demandExample.tripRun, by },
      query,
    })
    expect([status, body.detail]).toEqual([200, undefined])
    return body
  }
  const { body: run } = await viewer.ask(operations.readDemandRun, { params: { id: demandExample.tripRun } })
  const boroughs = await places('borough', { figure: 'trips' })
  const total = (items: RunPlace[], figure: 'homes' | 'trips') =>
    items.reduce((sum, each) => sum + (each[figure] ?? 0), 0)
  expect(total(boroughs.items, 'trips')).toBe(run.summary.trips)
  expect(total(boroughs.items, 'homes')).toBe(run.summary.vehicles - run.summary.homesUnknown)
  expect(boroughs.items[0].trips).toBe(boroughs.most)
  // Nobody is taken to live in the City.
  expect(boroughs.items.find(({ place }: RunPlace) => place === 'City').homes).toBe(0)
  const first = await places('area', { limit: 10 })
  const second = await places('area', { limit: 1_000, cursor: first.nextCursor })
  expect([...first.items, ...second.items]).toHaveLength(first.total)
  expect(total([...first.items, ...second.items], 'homes')).toBe(total(boroughs.items, 'homes'))
  const params = { id: demandExample.tripRun, by: 'borough' as const, z: 10, x: 511, y: 340 }
  const tile = await viewer.ask(operations.readRunPlaceTile, { params })
  expect([tile.status, String(tile.body).includes('Islington')]).toEqual([200, true])
  const network = { id: demandExample.networkRun, by: 'area' as const }
  expect(await viewer.ask(operations.listRunPlaces, { params: network, query: {} })).toMatchObject({ status: 409 })
})

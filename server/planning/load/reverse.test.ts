import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveNode } from '../../grid/index.ts'

const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
const server = await startTestServer((await createTestDatabase('server')).url, clock)
const planner = await server.person('pat', 'planner')

test('the reverse power at which turn-up is needed follows from the reverse capacity, unless a person sets it; without either it is unknown', async () => {
  const node = {
    kind: 'secondary' as const,
    licenceArea: 'LPN' as const,
    parentId: null,
    easting: null,
    northing: null,
    ratingWinterKva: 800,
    ratingSummerKva: 720,
  }
  await saveNode(server.context.db, { ...node, nodeId: 'known', name: 'Known', reverseCapacityKva: 400 })
  await saveNode(server.context.db, { ...node, nodeId: 'unknown', name: 'Unknown' })
  const levelOf = async (nodeId: string) =>
    (await planner.ask(operations.listTargetLevels)).body.items.find((one: { nodeId: string }) => one.nodeId === nodeId)
  const set = (body: object) => planner.ask(operations.setTargetLevel, { params: { nodeId: 'known' }, body })
  expect(await levelOf('unknown')).toMatchObject({ targetW: 760_000, reverseTargetW: null, isReverseSet: false })
  // By hand: 400 kVA × 0.95.
  expect(await levelOf('known')).toMatchObject({ reverseTargetW: 380_000, isReverseSet: false })
  expect((await set({ targetW: 700_000, reverseTargetW: 100_000 })).status).toBe(200)
  expect(await levelOf('known')).toMatchObject({ targetW: 700_000, reverseTargetW: 100_000, isReverseSet: true })
  expect((await set({ targetW: null })).status).toBe(200)
  expect(await levelOf('known')).toMatchObject({ targetW: 760_000, isSet: false, reverseTargetW: 100_000 })
  expect((await set({ targetW: null, reverseTargetW: null })).status).toBe(200)
  expect(await levelOf('known')).toMatchObject({ reverseTargetW: 380_000, isReverseSet: false })
  expect((await set({ targetW: null, reverseTargetW: -1 })).status).toBe(422)
})

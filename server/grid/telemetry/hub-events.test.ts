import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { gridJobs } from '../jobs/index.ts'
import { saveTestNetwork, saveTestSite } from '../test/support/site.ts'
import { hubEvent } from './tables.ts'

test('A19 events of hubs go after 400 days, but what has begun and not ended stays', async () => {
  const { db, url } = await createTestDatabase('server')
  await saveTestNetwork(db)
  const clock = new SimulatedClock(Instant.parse('2026-06-01T03:09:00Z'))
  const server = await startTestServer(url, clock)
  const { hubId } = await saveTestSite(db, clock.now())
  const common = { hubId, feeder: 1, value: 1 }
  // 400 days before 1 June 2026, 03:10 are 27 April 2025, 03:10.
  const at = (day: string) => Instant.parse(`${day}T12:00:00Z`)
  const events = [
    ['began', '2025-04-20', 'over-voltage', 'L1'],
    ['ended', '2025-04-21', 'over-voltage', 'L1'],
    ['began', '2025-04-22', 'phase-loss', 'L2'],
    ['began', '2025-04-23', 'phase-loss', 'L3'],
    ['ended', '2025-04-28', 'phase-loss', 'L3'],
  ] as const
  for (const [event, day, kind, phase] of events)
    await db.insert(hubEvent).values({ ...common, event, at: at(day), kind, phase })
  await db
    .insert(hubEvent)
    .values({ ...common, hubId: randomUUID(), event: 'ended', at: at('2026-05-01'), kind: 'hub-hot', phase: 'none' })
  const timers = gridJobs(server.context, null)
  await clock.advanceTo(Instant.parse('2026-06-01T03:11:00Z'))
  for (const timer of timers) timer.cancel()
  const person = await server.person('olivia', 'operator')
  const { body } = await person.ask(operations.listHubEvents, { params: { id: hubId } })
  expect(
    body.items.map((one: { event: string; at: string; phase: string }) => [one.event, one.at.slice(0, 10), one.phase]),
  ).toEqual([
    ['ended', '2025-04-28', 'L3'],
    ['began', '2025-04-22', 'L2'],
  ])
})

import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { saveInstruction } from '../../test/support/instructions.ts'
import { saveTestNetwork, saveTestSite } from '../../test/support/market.ts'
import { raiseAlarm } from '../grid/index.ts'
import { serverFigures } from './figures.ts'

test('the figures count what is there: hubs by freshness, alarms, instructions, and what waits for an answer too long', async () => {
  const { db } = await createTestDatabase('server')
  const clock = new SimulatedClock(Instant.parse('2026-01-15T17:10:00Z'))
  await saveTestNetwork(db)
  const sites = [
    await saveTestSite(db, clock.now()),
    await saveTestSite(db, clock.now()),
    await saveTestSite(db, clock.now()),
  ]
  const seen = (hubId: string | undefined, at: string) =>
    db.$client`update hub set last_measurement_at = ${at}, timeout_s = 180 where hub_id = ${hubId ?? ''}`
  // 90 s ago is fresh and 181 s ago is stale; the third has never measured.
  await seen(sites[0]?.hubId, '2026-01-15T17:08:30Z')
  await seen(sites[1]?.hubId, '2026-01-15T17:06:59Z')
  const source = { type: 'connection', id: 'c1', name: 'Islington' } as const
  await raiseAlarm(db, clock.now(), { kind: 'limit-breach', source, message: 'It imports too much.' })
  const [fuId, fspId] = ['0b6f6d0e-6f0e-4b7e-9a53-0d6a1f3c2b10', '0b6f6d0e-6f0e-4b7e-9a53-0d6a1f3c2b11']
  await saveInstruction(db, { fuId, fspId, from: '2026-01-15T17:00:00Z', minutes: 30, state: 'acknowledged' })
  await saveInstruction(db, { fuId, fspId, from: '2026-01-15T18:00:00Z', state: 'acknowledged' })
  await db.$client`update instruction set state = 'sent', next_attempt_at = '2026-01-15T17:08:59Z'
    where from_at = '2026-01-15T18:00:00Z'`
  await saveInstruction(db, { fuId, fspId, from: '2026-01-15T16:00:00Z', state: 'ended' })
  const figures = new Map((await serverFigures({ db, clock })).map(({ name, values }) => [name, values]))
  const counts = (name: string) =>
    Object.fromEntries(
      (figures.get(name) ?? []).map(({ labels = {}, value }) => [Object.values(labels).join(' ') || 'all', value]),
    )
  expect(counts('hubs')).toEqual({ fresh: 1, stale: 1, never: 1 })
  expect(counts('measurement_age_seconds')).toEqual({ all: 90 })
  expect(counts('alarms')).toEqual({ 'high unacknowledged': 1 })
  expect(counts('instructions')).toEqual({ 'A acknowledged': 1, 'A sent': 1 })
  expect(counts('instructions_unanswered')).toEqual({ all: 1 })
  clock.jumpTo(Instant.parse('2026-01-15T17:09:50Z'))
  await db.$client`update instruction set next_attempt_at = '2026-01-15T17:09:00Z' where state = 'sent'`
  const [later] = (await serverFigures({ db, clock })).filter(({ name }) => name === 'instructions_unanswered')
  expect(later?.values).toEqual([{ labels: {}, value: 0 }])
})

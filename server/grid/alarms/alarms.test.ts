import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/support/database.ts'
import { clearAlarm, countAlarms, raiseAlarm } from './index.ts'
import { listAlarms } from './store.ts'

const { db } = await createTestDatabase('server')
const at = Instant.parse('2026-01-15T17:00:00Z')
const source = { type: 'connection', id: 'c1', name: 'Islington' } as const
const breach = { kind: 'limit-breach', source, message: 'Islington imports 120.0 kW, 20.0 kW over its limit.' } as const

test('an alarm is raised once however often its cause is reported, and counts again when it returns', async () => {
  expect(await raiseAlarm(db, at, breach)).toBe(true)
  expect(await raiseAlarm(db, at.plusSeconds(30), breach)).toBe(false)
  expect(await countAlarms(db)).toEqual({ critical: 0, high: 1, medium: 0, low: 0 })
  expect(await clearAlarm(db, at.plusSeconds(60), { kind: 'limit-breach', sourceId: 'c1' })).toBe(true)
  expect(await clearAlarm(db, at.plusSeconds(90), { kind: 'limit-breach', sourceId: 'c1' })).toBe(false)
  expect(await raiseAlarm(db, at.plusSeconds(120), breach)).toBe(true)
  const { items } = await listAlarms(db, { state: 'open', limit: 10 })
  expect(items).toMatchObject([{ state: 'unacknowledged', occurrences: 2, clearedAt: null, source }])
})

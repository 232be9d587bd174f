import { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/support/database.ts'
import { clearAlarm, countAlarms, raiseAlarm } from './index.ts'
import { journalOf } from './journal.ts'
import { listAlarms } from './store.ts'
import { alarm } from './tables.ts'

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

test('an escalation ends shelving and asks for another acknowledgement; a lower priority is shown and asks for nothing', async () => {
  const certificate = {
    kind: 'certificate-expiring',
    source: { type: 'gateway', id: 'g1', name: 'g1' },
    message: 'The certificate of g1 expires.',
  } as const
  const shown = async (state: 'open' | 'shelved') =>
    (await listAlarms(db, { state, limit: 10 })).items.find((a) => a.kind === 'certificate-expiring')
  await raiseAlarm(db, at, { ...certificate, priority: 'low' })
  const shelf = { shelvedUntil: at.plusSeconds(86_400), shelvedBy: 'olga', shelfReason: 'ordered' }
  await db
    .update(alarm)
    .set({ ...shelf, state: 'acknowledged' })
    .where(eq(alarm.kind, 'certificate-expiring'))
  expect(await shown('shelved')).toMatchObject({ priority: 'low' })
  expect(await raiseAlarm(db, at.plusSeconds(60), { ...certificate, priority: 'critical' })).toBe(true)
  expect(await shown('shelved')).toBeUndefined()
  const risen = await shown('open')
  expect(risen).toMatchObject({ priority: 'critical', state: 'unacknowledged', shelvedUntil: null })
  await db.update(alarm).set({ state: 'acknowledged' }).where(eq(alarm.kind, 'certificate-expiring'))
  expect(await raiseAlarm(db, at.plusSeconds(120), { ...certificate, priority: 'high' })).toBe(true)
  expect(await shown('open')).toMatchObject({ priority: 'high', state: 'acknowledged', occurrences: 2 })
  expect(await raiseAlarm(db, at.plusSeconds(180), { ...certificate, priority: 'high' })).toBe(false)
  const events = (await journalOf(db, risen?.alarmId ?? '')).map((entry) => entry.event)
  expect(events).toEqual(['raised', 'unshelved', 'escalated', 'eased'])
})

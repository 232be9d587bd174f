import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../../test/support/database.ts'
import { claimSlot } from './index.ts'

const { db } = await createTestDatabase('server')
const at = (time: string) => Instant.parse(`2026-01-15T${time}:00Z`)

test('of several servers one takes each slot, a few minutes late as well', async () => {
  const taken = await Promise.all(Array.from({ length: 6 }, () => claimSlot(db, 'shared', at('10:01'))))
  expect(taken.filter(Boolean)).toHaveLength(1)
  expect(await claimSlot(db, 'shared', at('10:05'))).toBe(true)
  expect(await claimSlot(db, 'shared', at('10:01'))).toBe(false)
})

test('FM39 after the clock was set back by hours a job goes on at once, and one server still takes each slot', async () => {
  await claimSlot(db, 'other', at('10:01'))
  for (const time of ['10:01', '10:02', '13:01']) await claimSlot(db, 'stepped', at(time))
  const again = await Promise.all(Array.from({ length: 6 }, () => claimSlot(db, 'stepped', at('10:01'))))
  expect(again.filter(Boolean)).toHaveLength(1)
  expect(await claimSlot(db, 'stepped', at('10:02'))).toBe(true)
  expect(await claimSlot(db, 'stepped', at('10:02'))).toBe(false)
  expect(await claimSlot(db, 'other', at('10:01'))).toBe(false)
})

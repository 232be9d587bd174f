import { Instant } from '@js-joda/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/support/database.ts'
import { type Brake, forgetOldBrakes, giveBack, takeTurn } from './index.ts'
import { brake as table } from './tables.ts'

const { db } = await createTestDatabase('server')
const start = Instant.parse('2026-01-15T08:00:00Z')
const five: Brake = { name: 'five in 15 minutes', most: 5, perS: 900 }

test('lets through what a bucket that leaks evenly has room for', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 25 }), async (waitsS) => {
      const attempt = { brake: five, subject: [`run ${run++}`] }
      let [at, level] = [start, 0]
      for (const waitS of waitsS) {
        at = at.plusSeconds(waitS)
        level = Math.max(level - waitS / 180, 0)
        const hasRoom = level + 1 <= 5 + 1e-9
        const turn = await takeTurn(db, at, attempt)
        expect(turn.ok).toBe(hasRoom)
        if (turn.ok) level++
        else expect(turn.failure.retryAfterS).toBe(Math.ceil((level + 1 - 5) * 180 - 1e-6))
      }
    }),
    { numRuns: 60 },
  )
})

test('says which turn was the last, and keeps subjects and brakes apart', async () => {
  const turns = []
  for (let i = 0; i < 5; i++) turns.push(await takeTurn(db, start, { brake: five, subject: ['a', 'b'] }))
  expect(turns.map((turn) => turn.ok && turn.value.isLast)).toEqual([false, false, false, false, true])
  expect((await takeTurn(db, start, { brake: five, subject: ['a', 'b'] })).ok).toBe(false)
  expect((await takeTurn(db, start, { brake: five, subject: ['ab'] })).ok).toBe(true)
  expect((await takeTurn(db, start, { brake: { ...five, name: 'another' }, subject: ['a', 'b'] })).ok).toBe(true)
})

test('a turn that is given back can be taken again', async () => {
  const attempt = { brake: five, subject: ['given back'] }
  for (let i = 0; i < 5; i++) await takeTurn(db, start, attempt)
  await giveBack(db, [attempt])
  expect((await takeTurn(db, start, attempt)).ok).toBe(true)
  expect((await takeTurn(db, start, attempt)).ok).toBe(false)
})

test('a clock that is turned back by a day locks nobody out; one that is a little behind opens nothing', async () => {
  const attempt = { brake: five, subject: ['clock'] }
  for (let i = 0; i < 5; i++) await takeTurn(db, start, attempt)
  expect((await takeTurn(db, start.minusSeconds(2), attempt)).ok).toBe(false)
  expect((await takeTurn(db, start.minusSeconds(86_400), attempt)).ok).toBe(true)
})

test('rows of allowances that are whole again are removed', async () => {
  await forgetOldBrakes(db, start.plusSeconds(365 * 86_400))
  expect(await db.select().from(table)).toEqual([])
})

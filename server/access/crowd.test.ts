import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { hashPassword } from '../../platform/secrets/index.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { startTestServer } from '../../test/support/server.ts'
import { Browser, logInAddress, sendPassword } from '../../test/support/visitor.ts'

test('SEC06 refuses a password with 503 and a time while a crowd logs in, instead of keeping everybody waiting', async () => {
  const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
  const server = await startTestServer((await createTestDatabase('server')).url, clock)
  const browser = new Browser()
  const page = await browser.go(logInAddress(server))
  let isOver = false
  const person = async () => {
    while (!isOver) await hashPassword('a password of the crowd').catch(() => undefined)
  }
  // As many as may run and wait: whoever is done comes again at once.
  for (let i = 0; i < 62; i++) void person()
  const refused = await sendPassword(browser, server, page, 'somebody', 'x')
  isOver = true
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
})

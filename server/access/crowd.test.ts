import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { startTestServer } from '../../test/support/server.ts'
import { Browser, logInAddress, sendPassword } from '../../test/support/visitor.ts'

test('SEC06 refuses a crowd’s passwords with 503 and a time, instead of keeping everybody waiting', async () => {
  const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
  const server = await startTestServer((await createTestDatabase('server')).url, clock)
  const browser = new Browser()
  const page = await browser.go(logInAddress(server))
  // The address may fail a hundred times. Nobody waits for the answers of those who are let in: hashing takes its time.
  const answers = Array.from({ length: 95 }, (_, i) => sendPassword(browser, server, page, `person-${i}`, 'x'))
  const busy = Promise.any(
    answers.map(async (answer) => {
      const { status, headers } = await answer
      if (status !== 503) throw new Error(`${status}`)
      return headers.get('retry-after')
    }),
  )
  await expect(busy).resolves.toBe('5')
}, 120_000)

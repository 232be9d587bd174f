import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { fspMarketOperations } from '../../schemas/fsp/market.ts'
import { startVans, unitOf } from './support/vans.ts'

test('FB05 the company of the homes reads why less of its unit was chosen', async () => {
  const vans = await startVans(unitOf(4))
  const fuId = await vans.register(20_000)
  const run = { runId: randomUUID(), fuId, tradingDay: '2026-01-14', product: 'B' as const }
  const period = {
    from: '2026-01-14T17:00:00Z',
    direction: 'turn-down' as const,
    offeredW: 20_000,
    chosenW: 0,
    priceGbpPerMwh: '225.00',
    because: 'no-need' as const,
    marginalPriceGbpPerMwh: null,
  }
  vans.dno.choices = [{ ...run, startedAt: '2026-01-14T12:10:00Z', periods: [period] }]
  await vans.pass(11)
  const { body } = await vans.ask(fspMarketOperations.listOwnChoices)
  expect(body).toMatchObject([
    { runId: run.runId, periods: [{ ...period, reason: 'Nothing was needed at the unit’s node or above it.' }] },
  ])
})

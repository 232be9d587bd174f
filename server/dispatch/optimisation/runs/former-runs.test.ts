import { randomUUID } from 'node:crypto'
import { Instant, LocalDate } from '@js-joda/core'
import { expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { rigDay, startDispatchRig } from '../../../../test/support/dispatch.ts'
import { optimisationRun, optimisationUnit } from './tables.ts'

test('a run of an earlier release, which priced unmet need, has no price where it is short', async () => {
  const rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
  const fuId = await rig.unitFor('A', 'Former')
  const [short, met] = [`${rigDay}T17:00:00Z`, `${rigDay}T17:15:00Z`]
  const runId = randomUUID()
  // Two nodes were short at 17:00, so the one below was at twice the penalty; at 17:15 the price was that of an FU.
  await rig.db.insert(optimisationRun).values({
    runId,
    tradingDay: LocalDate.parse(rigDay),
    product: 'A',
    startedAt: rig.clock.now(),
    startedBy: 'erin',
    units: 1,
    nodes: [
      {
        nodeId: 'sec',
        name: 'Almeida St',
        periods: [
          { from: short, needW: 90_000, shortfallW: 50_000, marginalPriceGbpPerMwh: 200_000_000 },
          { from: met, needW: 10_000, shortfallW: 0, marginalPriceGbpPerMwh: 95 },
        ],
      },
    ],
  })
  const period = { availableW: 40_000, priceGbpPerMwh: '95.00' }
  await rig.db.insert(optimisationUnit).values({
    runId,
    fuId,
    path: ['sec', 'pri'],
    periods: [
      { from: short, ...period, turnDownW: 40_000, marginalPriceGbpPerMwh: 100_000_000, reasons: [] },
      { from: met, ...period, turnDownW: 10_000, marginalPriceGbpPerMwh: 95, reasons: [] },
    ],
  })
  const { body } = await rig.engineer.ask(operations.listOptimisations, { query: { day: rigDay, product: 'A' } })
  const pricesOf = (periods: { marginalPriceGbpPerMwh: number | null }[]) =>
    periods.map(({ marginalPriceGbpPerMwh }) => marginalPriceGbpPerMwh)
  expect(pricesOf(body.items[0].nodes[0].periods)).toEqual([null, 95])
  const why = await rig.engineer.ask(operations.explainChoice, { params: { runId, fuId } })
  expect(pricesOf(why.body.periods)).toEqual([null, 95])
})

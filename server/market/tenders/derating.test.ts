import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { startDispatchRig } from '../../../test/support/dispatch.ts'
import { eveningTender, registerUnit } from '../../../test/support/market.ts'
import { agreed } from '../../../test/support/second-person.ts'
import { saveReliabilities } from '../../planning/index.ts'

test('D12 offers are derated by what their FUs have delivered once the DNO says so, and the evaluation keeps by how much', async () => {
  const rig = await startDispatchRig(Instant.parse('2025-12-01T09:00:00Z'))
  const { fuId } = await registerUnit(rig.fsp.client, 'Doubtful', rig.mpan)
  const at = rig.clock.now()
  const settled = { periods: 40, instructedWh: 400_000, deliveredWh: 320_000, ratio: 0.8, settingVersion: 0 }
  await saveReliabilities(rig.db, [
    { fuId, ...settled, fromAt: at.minusSeconds(86_400), lastAt: at.minusSeconds(3_600), updatedAt: at },
  ])
  const params = { id: (await rig.engineer.ask(operations.draftTender, { body: eveningTender() })).body.tenderId }
  await rig.engineer.ask(operations.publishTender, { params })
  const offers = [{ fuId, turnDownW: 40_000, availabilityGbpPerMwH: '10.00', utilisationGbpPerMwh: '100.00' }]
  await rig.fsp.client.ask(operations.respondToTender, { params, body: { bid: 'offered', offers } })
  const evaluated = async () => {
    expect((await rig.engineer.ask(operations.evaluateTender, { params })).status).toBe(200)
    return (await rig.engineer.ask(operations.readTender, { params })).body.evaluation
  }
  expect(await evaluated()).toMatchObject({ shortfallW: [0], derated: [] })

  const [first, second] = [await rig.server.person('priya', 'planner'), await rig.server.person('paul', 'planner')]
  const setting = { params: { settingId: 'market.tenders' } }
  await agreed(second, first.ask(operations.changeSetting, { ...setting, body: { deratesOffers: true } }))
  // 40 kW, of which 80 % may be relied on, are 32 kW of the 40 kW that are required.
  expect(await evaluated()).toMatchObject({
    shortfallW: [8_000],
    derated: [{ fuId, fuName: 'Doubtful', reliability: 0.8 }],
  })
})

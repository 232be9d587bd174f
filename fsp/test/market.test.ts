import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { fspMarketOperations } from '../../schemas/fsp/market.ts'
import { contract } from '../flexibility/tables.ts'
import { startRig } from './support/rig.ts'
import { tender } from './support/tender.ts'

test('FA01 FA02 the FSP applies, waits for the decision, and then registers its DER and FU once, with keys', async () => {
  const rig = await startRig()
  await rig.pass(3)
  expect(rig.dno.application?.clientAuthentication.method).toBe('private_key_jwt')
  expect(rig.dno.keys).toEqual([])
  await rig.register()
  expect(rig.dno.keys).toEqual(['der-yard', 'fu-yard'])
  await rig.restart()
  await rig.pass(3)
  expect(rig.dno.keys).toEqual(['der-yard', 'fu-yard'])
  const state = await rig.depotState()
  expect(state).toMatchObject({ fuId: rig.dno.fuIdOf('Yard'), inService: true })
})

test('SEC03 the FSP applies for authority over its depot’s MPAN once, and registers nothing behind it before the approval', async () => {
  const rig = await startRig()
  rig.dno.isAuthorityPending = true
  await rig.register()
  await rig.restart()
  await rig.pass(3)
  expect(rig.dno.authorities).toMatchObject([{ mpan: '1200000112345', from: '2025-01-15', givenBy: 'customer-letter' }])
  expect(rig.dno.keys).toEqual([])
  for (const one of rig.dno.authorities) one.state = 'approved'
  await rig.pass(2)
  expect(rig.dno.keys).toEqual(['der-yard', 'fu-yard'])
})

test('a rejected FSP registers nothing', async () => {
  const rig = await startRig()
  rig.dno.decision = 'rejected'
  await rig.pass(5)
  expect(rig.dno.keys).toEqual([])
})

test('FA03 K2 a tender is answered once, with half of what the vehicles drew in its windows, at what that costs', async () => {
  const rig = await startRig()
  await rig.registerFree()
  for (const tradingDay of ['2026-01-08', '2026-01-01'])
    await rig.fsp.importHistory({ depotId: 'yard', tradingDay, energyWh: Array(96).fill(10_000) })
  const open = tender()
  rig.dno.tenders = [open, tender({ state: 'awarded' }), tender({ gateClosesAt: '2026-01-15T11:59:00Z' })]
  await rig.pass(15)
  const fuId = rig.dno.fuIdOf('Yard')
  // 10 kWh a quarter-hour is 40 kW; half of it may wait, as long as no charges say better. No tariff makes waiting dear, and nothing is
  // missing: £250/MWh for running it and £12/MW/h for standing by, each with a tenth on top.
  const offer = { turnDownW: 20_000, availabilityGbpPerMwH: '13.20', utilisationGbpPerMwh: '275.00' }
  expect(rig.dno.responses).toEqual([
    { tenderId: open.tenderId, body: { bid: 'offered', offers: [{ fuId, direction: 'turn-down', ...offer }] } },
  ])
  rig.dno.fate = { outcome: 'rejected', rejection: 'price-not-attractive' }
  expect((await rig.depotApi(fspMarketOperations.listTenderAnswers)).body).toEqual([
    {
      tenderId: open.tenderId,
      bid: 'offered',
      at: '2026-01-15T12:04:00Z',
      tender: expect.objectContaining({ title: 'Peak', product: 'A', ceilingUtilisationGbpPerMwh: '400.00' }),
      reason: null,
      units: [
        {
          depotId: 'yard',
          fuId,
          offer,
          working: expect.objectContaining({
            promisedW: 20_000,
            samples: 16,
            heldW: 0,
            reliability: 1,
            laterGbpPerMwh: 0,
          }),
          refusal: null,
        },
      ],
      fates: [
        {
          fuId,
          outcome: 'rejected',
          rejection: 'price-not-attractive',
          because: 'Others offered the same for less.',
        },
      ],
    },
  ])
})

test('K2 L9 L16 what a unit failed to deliver, and what others were promised, is not offered again', async () => {
  const rig = await startRig()
  await rig.registerFree()
  await rig.fsp.importHistory({ depotId: 'yard', tradingDay: '2026-01-08', energyWh: Array(96).fill(10_000) })
  rig.dno.reliability = 0.75
  await rig.agree({ from: '2026-02-05T18:00:00Z', to: '2026-02-05T19:00:00Z', reductionW: 4_000 })
  rig.dno.tenders = [tender()]
  await rig.pass(5)
  // (20 − 4) kW · 0.75.
  expect(rig.dno.responses[0]?.body).toMatchObject({ bid: 'offered', offers: [{ turnDownW: 12_000 }] })
})

test('K2 a unit that the DNO has under contract in the windows is left out, with the reason', async () => {
  const rig = await startRig()
  await rig.register()
  await rig.pass(2)
  rig.dno.tenders = [tender()]
  await rig.pass(4)
  expect(rig.dno.responses[0]?.body).toEqual({
    bid: 'declined',
    reason: 'none of our units in this zone is free in the windows',
  })
  const { body } = await rig.depotApi(fspMarketOperations.listTenderAnswers)
  expect(body[0].units[0].refusal).toBe('It is under contract with the DNO at 2026-02-05T17:00:00Z.')
})

test('E2EPA004 the FSP declines a tender whose ceilings are below its costs, or for which it has nothing', async () => {
  const rig = await startRig()
  await rig.registerFree()
  const [poor, empty] = [tender({ ceilingUtilisationGbpPerMwh: '100.00' }), tender()]
  rig.dno.tenders = [poor, empty]
  await rig.pass(10)
  expect(rig.dno.responses.map(({ tenderId, body }) => [tenderId, body.bid])).toEqual([
    [poor.tenderId, 'declined'],
    [empty.tenderId, 'declined'],
  ])
})

test('E2EPA004 a tender whose ceiling is below the costs is declined, and the costs stay ours', async () => {
  const rig = await startRig()
  await rig.registerFree()
  await rig.fsp.importHistory({ depotId: 'yard', tradingDay: '2026-01-08', energyWh: Array(96).fill(10_000) })
  rig.dno.tenders = [tender({ ceilingUtilisationGbpPerMwh: '100.00' })]
  await rig.pass(4)
  expect(rig.dno.responses[0]?.body).toEqual({ bid: 'declined', reason: 'the ceiling prices are below our costs' })
  const { body } = await rig.depotApi(fspMarketOperations.listTenderAnswers)
  expect(body[0].units[0].refusal).toBe('Its utilisation costs £275.00, more than the ceiling of £100.00.')
})

test('tenders and contracts are read to the last page', async () => {
  const rig = await startRig()
  const fuId = await rig.register()
  rig.dno.pageSize = 1
  rig.dno.tenders = [tender({ state: 'awarded' }), tender({ state: 'awarded' }), tender()]
  const [held] = rig.dno.contracts
  if (!held) throw new Error('there is a contract')
  rig.dno.contracts = [held, { ...held, contractId: randomUUID() }, { ...held, contractId: randomUUID() }]
  await rig.pass(4)
  expect(rig.dno.responses.map(({ tenderId }) => tenderId)).toEqual([rig.dno.tenders[2]?.tenderId])
  const known = await rig.db.select({ fuId: contract.fuId }).from(contract)
  expect(known).toEqual([{ fuId }, { fuId }, { fuId }])
})

test('FM05 a token that the DNO has revoked is fetched anew, once', async () => {
  const rig = await startRig()
  await rig.register()
  const before = rig.dno.tokensIssued
  rig.dno.revokeTokens()
  rig.dno.tenders = [tender()]
  await rig.pass(10)
  expect(rig.dno.responses).toHaveLength(1)
  expect(rig.dno.tokensIssued).toBe(before + 1)
})

import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
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

test('FA03 a tender is answered once, with half of what the vehicles drew in its windows', async () => {
  const rig = await startRig()
  await rig.register()
  for (const tradingDay of ['2026-01-08', '2026-01-01'])
    await rig.fsp.importHistory({ depotId: 'yard', tradingDay, energyWh: Array(96).fill(10_000) })
  const open = tender()
  rig.dno.tenders = [open, tender({ state: 'awarded' }), tender({ gateClosesAt: '2026-01-15T11:59:00Z' })]
  await rig.pass(15)
  expect(rig.dno.responses).toEqual([
    {
      tenderId: open.tenderId,
      body: {
        bid: 'offered',
        offers: [
          {
            fuId: rig.dno.fuIdOf('Yard'),
            direction: 'turn-down',
            turnDownW: 20_000,
            availabilityGbpPerMwH: '18.00',
            utilisationGbpPerMwh: '320.00',
          },
        ],
      },
    },
  ])
})

test('E2EPA004 the FSP declines a tender whose ceilings are below its costs, or for which it has nothing', async () => {
  const rig = await startRig()
  await rig.register()
  const [poor, empty] = [tender({ ceilingUtilisationGbpPerMwh: '100.00' }), tender()]
  rig.dno.tenders = [poor, empty]
  await rig.pass(10)
  expect(rig.dno.responses.map(({ tenderId, body }) => [tenderId, body.bid])).toEqual([
    [poor.tenderId, 'declined'],
    [empty.tenderId, 'declined'],
  ])
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

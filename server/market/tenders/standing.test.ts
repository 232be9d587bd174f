import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import type { Client } from '../../../test/support/client.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'
import { registerFsp, registerUnit } from '../../../test/support/market.ts'
import { agreed } from '../../../test/support/second-person.ts'

let rig: DispatchRig
let second: Client
beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
  second = await rig.server.person('sam', 'flexibility-engineer')
}, 120_000)

const newUnit = async (name: string) => (await registerUnit(rig.fsp.client, name, await rig.mpanOf(rig.fsp))).fuId
const enter = (fuId: string, change: object = {}) =>
  rig.engineer.ask(operations.enterStandingContract, {
    body: {
      fuId,
      product: 'B',
      turnDownW: 40_000,
      availabilityGbpPerMwH: '0',
      utilisationGbpPerMwh: '180.00',
      validFrom: '2026-01-14',
      validTo: '2026-12-31',
      windows: [{ weekdays: ['thursday', 'friday'], from: '17:00', to: '24:00' }],
      baselineMethod: 'bl01',
      baselineFallback: 'zero',
      reference: 'Framework agreement 2026/17',
      ...change,
    },
  })

test('a standing contract is entered by one person, approved by another, and settled by its own baseline', async () => {
  const fuId = await newUnit('Standing FU')
  await agreed(second, enter(fuId))
  const { items } = (await rig.fsp.client.ask(operations.listContracts)).body
  const contract = items.find((one: { fuId: string }) => one.fuId === fuId)
  expect(contract).toMatchObject({
    product: 'B',
    tenderId: null,
    reference: 'Framework agreement 2026/17',
    utilisationGbpPerMwh: '180.00',
    baselineMethod: 'bl01',
    baselineFallback: 'zero',
    awardedBy: 'sam',
  })
  const params = { id: contract.contractId }
  expect((await rig.fsp.client.ask(operations.readSettlementTerms, { params })).body).toMatchObject({
    baselineMethod: 'bl01',
    baselineFallback: 'zero',
    scheme: { name: 'grace-and-multiplier', graceRatio: 0.95 },
  })
  const { body: terms } = await rig.fsp.client.ask(operations.listSettlementTerms)
  expect(terms.items).toMatchObject([{ contractId: contract.contractId, terms: { baselineMethod: 'bl01' } }])
  const stranger = await registerFsp(rig.server, rig.engineer, 'Stranger Ltd', rig.control)
  expect((await stranger.client.ask(operations.listSettlementTerms)).body.items).toEqual([])
})

test('its FU is dispatched like one that a tender contracted', async () => {
  const { engineer, clock } = rig
  const fuId = (await engineer.ask(operations.listFlexibleUnits)).body.items[0].fuId
  await engineer.ask(operations.setTargetLevel, { params: { nodeId: 'sec' }, body: { targetW: 300_000 } })
  const values = Array.from({ length: 96 }, (_, i) => (i === 68 ? 325_000 : 299_000))
  const forecast = { params: { nodeId: 'sec', day: rigDay }, body: { resolution: 'PT15M', values } }
  expect((await engineer.ask(operations.saveLoadForecast, forecast)).status).toBe(200)
  clock.jumpTo(Instant.parse('2026-01-14T19:59:00Z'))
  rig.startJobs()
  await clock.advanceTo(Instant.parse('2026-01-14T20:00:00Z'))
  const interval = { from: `${rigDay}T17:00:00Z`, to: `${rigDay}T17:15:00Z`, turnDownW: 25_000 }
  expect(rig.control.received).toMatchObject([{ fuId, product: 'B', intervals: [interval] }])
})

test('what cannot be contracted is refused by field when it is entered', async () => {
  rig.engineer.headers['cookie'] = (await rig.server.person('erin', 'flexibility-engineer')).headers['cookie'] ?? ''
  const fuId = await newUnit('Refused FU')
  const field = async (change: object) => {
    const { status, body } = await enter(fuId, change)
    return status === 422 ? body.errors[0].field : status
  }
  expect(await field({ product: 'A' })).toBe('product')
  expect(await field({ product: 'Z' })).toBe('product')
  expect(await field({ validFrom: '2026-01-13' })).toBe('validFrom')
  expect(await field({ validTo: '2026-01-01' })).toBe('validTo')
  expect(await field({ turnDownW: 60_000 })).toBe('turnDownW')
  expect(await field({ baselineMethod: 'fixed-reference' })).toBe('baselineMethod')
  expect(await field({ fuId: '5f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10' })).toBe(404)
})

test('two standing contracts for the same time, or one beside a tender’s, are refused in words', async () => {
  const fuId = await newUnit('Wanted FU')
  second = await rig.server.person('sam', 'flexibility-engineer')
  await agreed(second, enter(fuId))
  const refused = await enter(fuId, { product: 'C', windows: [{ weekdays: ['friday'], from: '23:45', to: '24:00' }] })
  expect(refused.status).toBe(409)
  expect(refused.body.detail).toContain('Wanted FU is contracted for product B at the same time, first on 2026-01-16')
  expect((await enter(fuId, { product: 'C', validFrom: '2027-01-01', validTo: '2027-02-01' })).status).toBe(200)
})

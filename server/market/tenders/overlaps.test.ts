import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import type { Client } from '../../../test/support/client.ts'
import { type DispatchRig, startDispatchRig } from '../../../test/support/dispatch.ts'
import { award, eveningTender, registerUnit } from '../../../test/support/market.ts'

let rig: DispatchRig
let second: Client
beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
  second = await rig.server.person('sam', 'flexibility-engineer')
}, 120_000)

const evenings = (from: string, to: string) => [{ weekdays: ['thursday' as const], from, to, requiredW: 40_000 }]

/** A tender with one offer of an FU, evaluated and not yet awarded. */
async function evaluated(title: string, fuId: string, change: object = {}): Promise<string> {
  const { engineer, fsp, clock } = rig
  const gateClosesAt = clock.now().plusSeconds(1).toString()
  const body = eveningTender({ title, windows: evenings('17:00', '19:00'), gateClosesAt, ...change })
  const { tenderId } = (await engineer.ask(operations.draftTender, { body })).body
  const params = { id: tenderId }
  await engineer.ask(operations.publishTender, { params })
  const offer = { fuId, turnDownW: 40_000, availabilityGbpPerMwH: '10.00', utilisationGbpPerMwh: '100.00' }
  await fsp.client.ask(operations.respondToTender, { params, body: { bid: 'offered', offers: [offer] } })
  await clock.advanceTo(clock.now().plusSeconds(1))
  expect((await engineer.ask(operations.evaluateTender, { params })).status).toBe(200)
  return tenderId
}

const newUnit = async (name: string) => (await registerUnit(rig.fsp.client, name, await rig.mpanOf(rig.fsp))).fuId

test('of two tenders that are evaluated before either is awarded, the second award is refused where both need the same FU', async () => {
  const fuId = await newUnit('Twice wanted')
  const first = await evaluated('First evening', fuId)
  const other = await evaluated('Other evening', fuId, { product: 'B', windows: evenings('18:45', '20:00') })
  expect((await award(second, first)).status).toBe(200)
  const refused = await award(second, other)
  expect(refused.status).toBe(409)
  expect(refused.body.detail).toContain('Twice wanted')
  expect(refused.body.detail).toContain('2026-01-01')
  expect(refused.body.detail).toContain('evaluate it again')
  const again = await rig.engineer.ask(operations.evaluateTender, { params: { id: other } })
  expect(again.body.items[0].offers).toMatchObject([{ outcome: 'rejected', rejection: 'already-contracted' }])
})

test('windows that only touch, other weekdays and other terms do not overlap', async () => {
  const fuId = await newUnit('Well used')
  const tenders = [
    await evaluated('Evening', fuId),
    await evaluated('After it', fuId, { windows: evenings('19:00', '20:00') }),
    await evaluated('Friday', fuId, { windows: [{ ...evenings('17:00', '19:00')[0], weekdays: ['friday'] }] }),
    await evaluated('In summer', fuId, { validFrom: '2026-07-01', validTo: '2026-09-30' }),
  ]
  for (const tender of tenders) expect((await award(second, tender)).status).toBe(200)
})

test('awards at the same time make one contract', async () => {
  const fuId = await newUnit('Fought over')
  const tenders = [await evaluated('One', fuId), await evaluated('Two', fuId), await evaluated('Three', fuId)]
  const statuses = await Promise.all(tenders.map(async (tender) => (await award(second, tender)).status))
  expect(statuses.toSorted()).toEqual([200, 409, 409])
})

test('the database takes no two contracts of one FU for the same time; a released day is free', async () => {
  const fuId = await newUnit('Guarded')
  const [kept] = (await award(second, await evaluated('Guarded evening', fuId))).body.items
  const later = { windows: evenings('19:00', '20:00') }
  const [moved] = (await award(second, await evaluated('Guarded night', fuId, later))).body.items
  const { $client } = rig.db
  const moveTo = (day: string) => $client`
    update contract set windows = (select windows from contract where contract_id = ${kept.contractId}),
      valid_from = ${day}::date, valid_to = ${day}::date
    where contract_id = ${moved.contractId}`
  await expect(moveTo('2026-01-22')).rejects.toThrow('contract_window_once')
  const { status } = await rig.engineer.ask(operations.releaseReserve, {
    params: { id: kept.contractId },
    body: { days: ['2026-01-22'], reason: 'mild weather' },
  })
  expect(status).toBe(200)
  await moveTo('2026-01-22')
  await expect(moveTo('2026-01-29')).rejects.toThrow('contract_window_once')
})

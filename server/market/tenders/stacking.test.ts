import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import type { Client } from '../../../test/support/client.ts'
import { type DispatchRig, startDispatchRig } from '../../../test/support/dispatch.ts'
import { award, eveningTender, registerUnit } from '../../../test/support/market.ts'
import { agreed, secondPerson } from '../../../test/support/second-person.ts'

let rig: DispatchRig
let second: Client
beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
  second = await secondPerson(rig.server)
}, 120_000)

const newUnit = async (name: string) => (await registerUnit(rig.fsp.client, name, await rig.mpanOf(rig.fsp))).fuId

/** From 18:40 on Thursday 15 January, so that it meets an evening window first at 18:30. */
const serves = (fuId: string, times = [{ from: '2026-01-15T18:40:00Z', to: '2026-01-15T20:00:00Z' }]) =>
  rig.fsp.client.ask(operations.registerServiceToOthers, {
    body: { fuId, buyer: 'NESO', service: 'Reserve', reference: 'Instruction 7', times },
  })

/** A tender for evenings from 17:00 to 19:00 with one offer of an FU, past its gate. */
async function offered(title: string, fuId: string) {
  const gateClosesAt = rig.clock.now().plusSeconds(1).toString()
  const { tenderId } = (
    await rig.engineer.ask(operations.draftTender, { body: eveningTender({ title, gateClosesAt }) })
  ).body
  const params = { id: tenderId as string }
  await rig.engineer.ask(operations.publishTender, { params })
  const offer = { fuId, turnDownW: 40_000, availabilityGbpPerMwH: '10.00', utilisationGbpPerMwh: '100.00' }
  await rig.fsp.client.ask(operations.respondToTender, { params, body: { bid: 'offered', offers: [offer] } })
  await rig.clock.advanceTo(rig.clock.now().plusSeconds(1))
  return {
    params,
    evaluate: async () => (await rig.engineer.ask(operations.evaluateTender, { params })).body.items[0].offers[0],
    read: async () => (await rig.engineer.ask(operations.readTender, { params })).body,
  }
}

const standing = (fuId: string, from: string, to: string) =>
  rig.engineer.ask(operations.enterStandingContract, {
    body: {
      ...(operations.enterStandingContract.body.meta()?.['example'] as object),
      fuId,
      validFrom: '2026-01-15',
      validTo: '2026-02-27',
      windows: [{ weekdays: ['thursday'], from, to }],
    },
  })

async function onConflict(rule: 'refuse' | 'flag') {
  const planner = await rig.server.person(`pia-${rule}`, 'planner')
  const params = { settingId: 'market.stacking' }
  await agreed(second, planner.ask(operations.changeSetting, { params, body: { onConflict: rule } }))
}

test('where conflicts are flagged, an evaluation and a standing contract say so and go on', async () => {
  const fuId = await newUnit('Flagged')
  expect((await serves(fuId)).status).toBe(200)
  const tender = await offered('Flagged evening', fuId)
  expect(await tender.evaluate()).toMatchObject({ outcome: 'selected' })
  const met = { fuId, fuName: 'Flagged', buyer: 'NESO', service: 'Reserve', from: '2026-01-15T18:30:00Z' }
  expect((await tender.read()).evaluation.stacked).toMatchObject([met])
  expect((await award(second, tender.params.id)).status).toBe(200)
  const [entry] = await rig.db.$client`select detail from audit_entry where action = 'tender.awarded'`
  expect(entry?.['detail']).toMatchObject({ stacked: [met] })

  const other = await newUnit('Flagged too')
  await serves(other)
  const { status, body } = await standing(other, '19:00', '21:00')
  expect(status).toBe(200)
  expect(body.changes).toContainEqual(expect.objectContaining({ field: expect.stringContaining('servesOthers') }))
})

test('where conflicts are refused, an FU that serves others in the windows is neither selected, awarded nor contracted', async () => {
  const early = await newUnit('Serves already')
  await serves(early)
  const late = await newUnit('Serves since')
  const [first, other] = [await offered('Refused evening', early), await offered('Awarded too late', late)]
  await onConflict('refuse')
  expect(await first.evaluate()).toMatchObject({ outcome: 'rejected', rejection: 'serves-others' })
  expect(await other.evaluate()).toMatchObject({ outcome: 'selected' })
  expect((await serves(late)).status).toBe(200)
  const refused = await award(second, other.params.id)
  expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('NESO') } })
  expect(refused.body.detail).toContain('at 18:30 GMT on 15 Jan 2026')
  expect(refused.body.detail).toContain('evaluate it again')

  const framework = await newUnit('Under a framework')
  await serves(framework)
  expect(await standing(framework, '19:45', '21:00')).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('at 19:45 GMT on 15 Jan 2026') },
  })
  // Its service ends at 20:00.
  expect((await standing(framework, '20:00', '21:00')).status).toBe(200)
})

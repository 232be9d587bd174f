import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import type { Client } from '../../../test/support/client.ts'
import { type DispatchRig, startDispatchRig } from '../../../test/support/dispatch.ts'
import { award, awardContracts, eveningTender, registerUnit } from '../../../test/support/market.ts'
import { agreed, secondPerson } from '../../../test/support/second-person.ts'

let rig: DispatchRig
let [second, administrator]: [Client?, Client?] = []

const example = operations.createProduct.body.meta()?.['example'] as { settings: object }

/** A product that pays availability until it is changed. */
const addProduct = (product: string, paysAvailability: boolean) =>
  administrator?.ask(operations.createProduct, {
    body: { ...example, product, settings: { ...example.settings, name: `Product ${product}`, paysAvailability } },
  })

async function changeProduct(product: string, change: object) {
  const params = { product }
  const { settings, version } = (await administrator?.ask(operations.readProduct, { params }))?.body ?? {}
  return administrator?.ask(operations.changeProduct, { params, body: { ...settings, ...change }, version })
}

beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
  second = await secondPerson(rig.server)
  administrator = await rig.server.person('ada', 'administrator')
  await addProduct('NA', false)
  await addProduct('PA', true)
  await addProduct('KA', true)
}, 120_000)

const newUnit = async (name: string) => (await registerUnit(rig.fsp.client, name, await rig.mpanOf(rig.fsp))).fuId

async function published(change: object) {
  const gateClosesAt = rig.clock.now().plusSeconds(1).toString()
  const body = eveningTender({ gateClosesAt, ...change })
  const { tenderId } = (await rig.engineer.ask(operations.draftTender, { body })).body
  const params = { id: tenderId as string }
  return { params, answer: await rig.engineer.ask(operations.publishTender, { params }) }
}

const offering = (params: { id: string }, fuId: string, availabilityGbpPerMwH: string) =>
  rig.fsp.client.ask(operations.respondToTender, {
    params,
    body: {
      bid: 'offered',
      offers: [{ fuId, turnDownW: 40_000, availabilityGbpPerMwH, utilisationGbpPerMwh: '100.00' }],
    },
  })

test('an offer that asks for availability which the product does not pay is refused at its field', async () => {
  const { params } = await published({ product: 'NA', ceilingAvailabilityGbpPerMwH: '0' })
  const fuId = await newUnit('Wants availability')
  expect(await offering(params, fuId, '0.01')).toMatchObject({
    status: 422,
    body: {
      errors: [
        {
          field: 'offers[0].availabilityGbpPerMwH',
          message: expect.stringContaining('Product NA pays no availability'),
        },
      ],
    },
  })
  expect((await offering(params, fuId, '0')).status).toBe(200)
})

test('a tender from before its product stopped to pay availability is not published, and awards none of it', async () => {
  const draft = await rig.engineer.ask(operations.draftTender, { body: eveningTender({ product: 'PA' }) })
  const open = await published({ product: 'PA', title: 'Open already' })
  const fuId = await newUnit('Offered before')
  expect((await offering(open.params, fuId, '10.00')).status).toBe(200)
  await rig.clock.advanceTo(rig.clock.now().plusSeconds(1))
  const evaluate = () => rig.engineer.ask(operations.evaluateTender, { params: open.params })
  expect((await evaluate()).body.items[0].offers).toMatchObject([{ outcome: 'selected' }])
  if (!second) throw new Error('no second person')
  await agreed(second, (await changeProduct('PA', { paysAvailability: false })) ?? Promise.reject(new Error('none')))
  expect(await rig.engineer.ask(operations.publishTender, { params: { id: draft.body.tenderId } })).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('pays no availability') },
  })
  expect(await award(second, open.params.id)).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('Offered before') },
  })
  // Evaluated again, its ceiling for availability counts as 0.
  expect((await evaluate()).body.items[0].offers).toMatchObject([
    { outcome: 'rejected', rejection: 'price-not-attractive' },
  ])
})

test('a product does not stop to pay availability while contracts agree on it', async () => {
  if (!second) throw new Error('no second person')
  const fuId = await newUnit('Contracted with availability')
  const gateClosesAt = rig.clock.now().plusSeconds(1).toString()
  await awardContracts(
    rig.engineer,
    second,
    [{ client: rig.fsp.client, fuId, turnDownW: 40_000 }],
    { product: 'KA', gateClosesAt },
    () => rig.clock.advanceTo(rig.clock.now().plusSeconds(1)),
  )
  expect(await changeProduct('KA', { paysAvailability: false })).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('Contracted with availability') },
  })
  expect((await changeProduct('KA', { name: 'Keeps its availability' }))?.status).toBe(200)
})

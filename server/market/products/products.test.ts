import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import type { Client } from '../../../test/support/client.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { agreed } from '../../../test/support/second-person.ts'
import { startTestServer, type TestServer } from '../../../test/support/server.ts'
import { productsById } from './index.ts'

const clock = new SimulatedClock(Instant.parse('2026-01-05T09:00:00Z'))
let server: TestServer
let administrator: Client
let second: Client

beforeAll(async () => {
  server = await startTestServer((await createTestDatabase('server')).url, clock)
  administrator = await server.person('ada', 'administrator')
  second = await server.person('abe', 'administrator')
}, 120_000)

const example = operations.createProduct.body.meta()?.['example'] as { settings: object }
const create = (change: object, who = administrator) =>
  who.ask(operations.createProduct, { body: { ...example, ...change } })

test('A, B and C are there from the start; B and C pay as bid', async () => {
  const { body } = await administrator.ask(operations.listProducts)
  expect(body.items.map((one: { product: string }) => one.product)).toEqual(['A', 'B', 'C'])
  expect(body.items).toMatchObject([
    { kind: 'forward-option', version: 1, settings: { name: 'Firm forward option', priceRule: 'contract' } },
    { kind: 'day-ahead', version: 1, settings: { priceRule: 'pay-as-bid', paysAvailability: true } },
    { kind: 'intraday', version: 1, settings: { priceRule: 'pay-as-bid', noticeMinutes: 0 } },
  ])
})

test('an administrator adds a product, which has the timetable of its kind; its name stays its own', async () => {
  const engineer = await server.person('erin', 'flexibility-engineer')
  expect((await create({ product: 'SU' }, engineer)).status).toBe(403)
  expect(await create({ product: 'SU', kind: 'day-ahead' })).toMatchObject({
    status: 200,
    body: { product: 'SU', version: 1, changedBy: 'ada', settings: { name: 'Peak reduction' } },
  })
  expect((await create({ product: 'SU' })).status).toBe(409)
  const timetables = (await engineer.ask(operations.listTimetables)).body.items
  expect(timetables.map((one: { product: string }) => one.product)).toEqual(['A', 'B', 'C', 'SU'])
  expect(timetables[3].settings).toEqual(timetables[1].settings)
})

test('rules that contradict themselves are refused by field', async () => {
  const refused = async (change: object) => {
    const { status, body } = await create({ product: 'NO', settings: { ...example.settings, ...change } })
    return { status, field: body.errors?.[0]?.field }
  }
  expect(await refused({ paysUtilisation: false })).toEqual({ status: 422, field: 'settings.paysUtilisation' })
  expect(await refused({ baselineMethods: ['zero', 'zero'] })).toEqual({
    status: 422,
    field: 'settings.baselineMethods',
  })
  expect((await create({ product: 'no spaces' })).body.errors[0].field).toBe('product')
})

test('changed rules hold from the approval of a second person on, and those before are kept', async () => {
  await create({ product: 'PR' })
  const params = { product: 'PR' }
  const { settings, version } = (await administrator.ask(operations.readProduct, { params })).body
  const change = (name: string, seen: number) =>
    administrator.ask(operations.changeProduct, { params, body: { ...settings, name }, version: seen })
  expect((await change('Winter peak reduction', version + 1)).status).toBe(412)
  const before = clock.now()
  clock.jumpTo(before.plusSeconds(3_600))
  await agreed(second, change('Winter peak reduction', version))
  expect((await administrator.ask(operations.readProduct, { params })).body).toMatchObject({
    version: 2,
    settings: { name: 'Winter peak reduction' },
    changedBy: 'abe',
  })
  const { db } = server.context
  expect((await productsById(db, before)).get('PR')?.name).toBe('Peak reduction')
  expect((await productsById(db, before.minusSeconds(86_400))).get('PR')?.version).toBe(1)
  expect((await productsById(db, clock.now())).get('PR')?.name).toBe('Winter peak reduction')
})

test('a product that does not exist is refused by name where it is asked for', async () => {
  const engineer = await server.person('emil', 'flexibility-engineer')
  expect((await engineer.ask(operations.readProduct, { params: { product: 'X' } })).status).toBe(404)
  const asked = await engineer.ask(operations.readDispatchBoard, { query: { product: 'X' } })
  expect(asked).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'product', message: expect.stringContaining('A, B, C') }] },
  })
})

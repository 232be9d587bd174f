import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import type { Client } from '../support/client.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../support/dispatch.ts'
import { eveningTender, registerUnit } from '../support/market.ts'
import { statedOperations } from '../support/operations.ts'

let rig: DispatchRig
let administrator: Client
let fuId: string

beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse(`${rigDay}T09:00:00Z`))
  administrator = await rig.server.person('ada', 'administrator')
  fuId = (await registerUnit(rig.fsp.client, 'Unit', rig.mpan)).fuId
})

const [nul, high, low] = ['\0', '\ud800', '\udc00']
const connection = {
  name: 'Site',
  customer: 'Royal Mail',
  address: '',
  licenceArea: 'LPN',
  nodeId: 'sec',
  ascKva: 240,
  powerFactor: 0.95,
  mpans: [],
}

test.each([
  ['NUL', nul],
  ['half of a surrogate pair', high],
  ['its other half', low],
])('SEC14 %s in a text is refused with the name of its field', async (_, odd) => {
  const refused = await administrator.ask(operations.registerConnection, {
    body: { ...connection, customer: `Royal${odd}Mail` },
  })
  expect([refused.status, refused.body.errors]).toEqual([
    422,
    [{ field: 'customer', message: expect.stringContaining('NUL character or half of a surrogate pair') }],
  ])
})

test('SEC14 it is found at any depth, and in the streamed and hand-parsed bodies', async () => {
  const tender = await administrator.ask(operations.draftTender, {
    body: { ...eveningTender(), title: `Evening${nul}` },
  })
  expect([tender.status, tender.body.errors?.[0].field]).toEqual([422, 'title'])
  const readings = { meterId: `m${nul}1`, resolution: 'PT15M', stamp: 'period-start', revision: 1, fuId }
  const upload = await rig.fsp.client.ask(operations.uploadReadings, {
    body: { ...readings, readings: [{ at: '2026-01-14T10:00:00Z', energyWh: 1, quality: 'measured' }] },
  })
  expect([upload.status, upload.body.errors?.[0].field]).toEqual([422, 'meterId'])
  const file = await rig.fsp.client.ask(operations.uploadReadingFile, {
    params: { id: fuId },
    query: { resolution: 'PT15M', meterId: `m${nul}`, stamp: 'period-start' },
    text: 'at,energy_wh\n2026-01-14T10:00:00Z,5000\n',
  })
  expect([file.status, file.body.errors?.[0].field]).toEqual([422, 'meterId'])
})

test('SEC14 a NUL in a file is named with its line', async () => {
  const text = `nodeId,name,kind,parentId,licenceArea,ratingWinterKva,ratingSummerKva\r\nn1,Grid${nul}point,gsp,,LPN,7,7\r\n`
  const refused = await administrator.ask(operations.importNetwork, { text })
  expect([refused.status, refused.body.errors?.[0].field]).toEqual([422, 'line 2, name'])
})

/** Every operation, with a text that cannot be stored in each parameter of its path and of its query. */
const withTexts = statedOperations.filter(
  ([, { params, query, answer }]) =>
    !('events' in answer) && Object.keys({ ...params?.shape, ...query?.shape }).length > 0,
)

test.each(withTexts)('SEC14 %s answers NUL in any parameter as the caller’s mistake', async (_, stated) => {
  const names = (shape: object | undefined) => Object.keys(shape ?? {})
  const plain = Object.fromEntries(names(stated.params?.shape).map((name) => [name, randomUUID()]))
  const calls = [
    ...names(stated.params?.shape).map((name) => ({ params: { ...plain, [name]: `a${nul}b` } })),
    ...names(stated.query?.shape).map((name) => ({ params: plain, query: { [name]: `a${nul}b` } })),
  ]
  for (const client of [administrator, rig.fsp.client])
    for (const call of calls) {
      const { status } = await client.ask(stated, { ...call, idempotencyKey: 'k', version: 1 })
      expect([JSON.stringify(call), status]).toEqual([
        JSON.stringify(call),
        expect.toBeOneOf([400, 401, 403, 404, 422, 428]),
      ])
    }
})

test('SEC14 whatever text a connection is registered with, it is stored as it is or refused with 422', async () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'é', '𝄞', nul, high, low, '\u0001', '"', '\\', '\n'),
    maxLength: 12,
  })
  await fc.assert(
    fc.asyncProperty(text, text, async (name, address) => {
      const body = { ...connection, name: `Site ${randomUUID()}`, customer: `Customer ${name}`, address }
      const made = await administrator.ask(operations.registerConnection, { body })
      const isGood = [name, address].every((each) => !each.includes(nul) && each.isWellFormed())
      expect([made.status, isGood]).toEqual([isGood ? 200 : 422, isGood])
    }),
    { numRuns: 40 },
  )
})

test('SEC14 the token endpoint takes an identifier that cannot be stored for an unknown one', async () => {
  const { origin } = new URL(rig.server.url)
  const answer = await fetch(`${origin}/oidc/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials&client_id=%00&client_secret=%00',
  })
  expect(answer.status).toBe(401)
})

import { readFileSync } from 'node:fs'
import { Instant } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import type { Client } from '../../test/support/client.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { giveAuthority, registerFsp, saveTestNetwork, saveTestSite, type TestFsp } from '../../test/support/market.ts'
import { startTestServer } from '../../test/support/server.ts'

const start = Instant.parse('2025-12-01T09:00:00Z')
const nowhere = {
  controlApi: {
    baseUrl: 'http://127.0.0.1:9/control',
    tokenEndpoint: 'http://127.0.0.1:9/token',
    clientId: 'dno',
    clientSecret: 'long enough',
    scope: 'control',
  },
}

let engineer: Client
let fsp: TestFsp
let mpan: string

beforeAll(async () => {
  const { db, url } = await createTestDatabase('server')
  const server = await startTestServer(url, new SimulatedClock(start))
  engineer = await server.person('erin', 'flexibility-engineer')
  await saveTestNetwork(db)
  mpan = (await saveTestSite(db, start)).mpan
  fsp = await registerFsp(server, engineer, 'Depot Charging Ltd', nowhere)
  await giveAuthority(engineer, fsp.client, mpan)
})

const otherRequest = { status: 409, body: { detail: expect.stringContaining('different request') } }

describe('an Idempotency-Key on a tender', () => {
  const evenings = {
    title: 'Evenings',
    product: 'A',
    zoneNodeId: 'gsp',
    validFrom: '2026-03-01',
    validTo: '2026-06-30',
    windows: [{ weekdays: ['monday'], from: '17:00', to: '19:00', requiredW: 10_000 }],
    ceilingAvailabilityGbpPerMwH: '10.00',
    ceilingUtilisationGbpPerMwh: '100',
    gateClosesAt: '2026-02-20T12:00:00Z',
  }
  const draft = (key: string, change: object = {}) =>
    engineer.ask(operations.draftTender, { body: { ...evenings, ...change } }, { 'idempotency-key': key })

  test.each([
    ['product', { product: 'B' }],
    ['first day', { validFrom: '2026-03-02' }],
    ['last day', { validTo: '2026-12-31' }],
    ['ceiling for availability', { ceilingAvailabilityGbpPerMwH: '90.00' }],
    ['ceiling for utilisation', { ceilingUtilisationGbpPerMwh: '90' }],
    ['gate', { gateClosesAt: '2026-02-21T12:00:00Z' }],
    ['windows', { windows: [{ ...evenings.windows[0], requiredW: 20_000 }] }],
    ['last day and ceiling', { validTo: '2026-12-31', ceilingAvailabilityGbpPerMwH: '90.00' }],
  ])('rejects a reused key with another %s', async (what, change) => {
    expect((await draft(what)).status).toBe(200)
    expect(await draft(what, change)).toMatchObject(otherRequest)
  })

  test('rejects a reused key with another ceiling and last day', async () => {
    const file = new URL('../../test/cases/field/tender-F1-same-key-other-ceiling.json', import.meta.url)
    const {
      header,
      first,
      'second, must not be answered as the first': second,
    } = JSON.parse(readFileSync(file, 'utf8'))
    // The key of the case is that of another test too.
    const headers = { 'idempotency-key': `field ${header['idempotency-key']}` }
    expect((await engineer.ask(operations.draftTender, { body: first }, headers)).status).toBe(200)
    expect(await engineer.ask(operations.draftTender, { body: second }, headers)).toMatchObject(otherRequest)
  })

  test('answers the same request as before, also once the tender is published', async () => {
    const first = await draft('k-1')
    expect(await draft('k-1')).toMatchObject({ status: 200, body: first.body })
    await engineer.ask(operations.publishTender, { params: { id: first.body.tenderId } })
    expect(await draft('k-1')).toMatchObject({ status: 200, body: first.body })
    const { items } = (await engineer.ask(operations.listTenders)).body
    expect(items.filter((t: { tenderId: string }) => t.tenderId === first.body.tenderId)).toMatchObject([
      { state: 'open' },
    ])
  })
})

describe('an Idempotency-Key of an FSP', () => {
  const asset = { name: 'Chargers', kind: 'ev-charging', ratedW: 90_000 }
  const registerDer = (key: string, change: object = {}) =>
    fsp.client.ask(operations.registerDer, { body: { ...asset, mpan, ...change } }, { 'idempotency-key': key })

  test.each([['kind', { kind: 'battery' }] as const, ['rating', { ratedW: 80_000 }] as const])(
    'rejects a reused key with another %s of a DER',
    async (what, change) => {
      const first = await registerDer(what)
      expect(await registerDer(what, change)).toMatchObject(otherRequest)
      expect((await registerDer(what)).body).toEqual(first.body)
    },
  )

  test('rejects a reused key with other limits of an FU', async () => {
    const { derId } = (await registerDer('of an FU')).body
    const unit = { name: 'FU', derIds: [derId], maxTurnDownW: 90_000, limits: { minimumRunMinutes: 60 } }
    const register = (change: object = {}) =>
      fsp.client.ask(operations.registerFlexibleUnit, { body: { ...unit, ...change } }, { 'idempotency-key': 'fu' })
    const first = await register()
    expect(await register({ limits: { minimumRunMinutes: 30 } })).toMatchObject(otherRequest)
    expect(await register({ limits: null })).toMatchObject(otherRequest)
    expect(await register({ isWholeSite: true })).toMatchObject(otherRequest)
    await fsp.client.ask(operations.stateConstraints, { params: { id: first.body.fuId }, body: { limits: null } })
    expect((await register()).body).toEqual(first.body)
  })
})

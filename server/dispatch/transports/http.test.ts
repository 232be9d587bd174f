import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { listen } from '../../../platform/http/index.ts'
import type { Instruction } from '../../../schemas/dispatch/instructions.ts'
import { controlOperations } from '../../../schemas/fsp/control.ts'
import { operations } from '../../../schemas/operations.ts'
import type { Client } from '../../../test/support/client.ts'
import { type ControlFspOptions, startControlFsp } from '../../../test/support/control-fsp.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { applicationOf } from '../../../test/support/market.ts'
import { agreed, secondPerson } from '../../../test/support/second-person.ts'
import { startTestServer, type TestServer } from '../../../test/support/server.ts'
import { type ControlApi, createControlDirectory } from './index.ts'

let server: TestServer
let clock: SimulatedClock
let engineer: Client

beforeAll(async () => {
  const { url } = await createTestDatabase('server')
  clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
  server = await startTestServer(url, clock)
})
beforeEach(async () => {
  engineer = await server.person('erin', 'flexibility-engineer')
})

function instruction(): Instruction {
  return {
    instructionId: randomUUID(),
    fuId: randomUUID(),
    product: 'A',
    onExpiry: 'end',
    intervals: [{ from: '2026-01-15T17:00:00Z', to: '2026-01-15T17:15:00Z', turnDownW: 40_000 }],
    issuedAt: '2026-01-15T16:30:00Z',
    expiresAt: '2026-01-15T17:00:00Z',
  }
}

/** An FSP that has applied with this control API and was accepted, and the way to it. */
async function wayTo(controlApi: object): Promise<ControlApi> {
  const { body, status } = await server
    .client()
    .ask(operations.applyAsFsp, { body: applicationOf('Ltd', { controlApi } as never) })
  expect(status).toBe(200)
  const accept = { params: { id: body.applicationId }, body: { decision: 'accept' } }
  // Time may have moved on past the end of the session.
  engineer = await server.person('erin', 'flexibility-engineer')
  await agreed(await secondPerson(server), engineer.ask(operations.decideOnApplication, accept))
  return createControlDirectory(server.context, null)(body.applicationId)
}

const startFsp = async (options?: ControlFspOptions) =>
  startControlFsp((await createTestDatabase('server')).db, options)

describe('FA06 the DNO authenticates at the token endpoint that the FSP names', () => {
  test('by client_secret_basic, in the scope that the FSP wants', async () => {
    const fsp = await startFsp()
    expect(await (await wayTo(fsp.controlApi)).send(instruction())).toMatchObject({ kind: 'answered' })
    expect(fsp.scopes).toEqual(['control'])
    const { scope: _, ...withoutScope } = fsp.controlApi
    expect(await (await wayTo(withoutScope)).send(instruction())).toMatchObject({ kind: 'answered' })
    expect(fsp.scopes).toEqual([])
  })

  test('by client_secret_post', async () => {
    const fsp = await startFsp({ metadata: async () => ({ token_endpoint_auth_method: 'client_secret_post' }) })
    const api = await wayTo({ ...fsp.controlApi, authentication: 'client_secret_post' })
    expect(await api.send(instruction())).toMatchObject({ kind: 'answered' })
  })

  test('by private_key_jwt with the keys that the DNO publishes, also after they have changed', async () => {
    const published = async () => (await (await fetch(server.issuer.jwksUri)).json()) as { keys: { kid: string }[] }
    const metadata = async () => ({
      token_endpoint_auth_method: 'private_key_jwt',
      client_secret: undefined,
      jwks: await published(),
    })
    const fsp = await startFsp({ metadata, accessTokenLifeS: 1 })
    const { clientSecret: _, tokenEndpoint, ...rest } = fsp.controlApi
    const issuer = tokenEndpoint.replace('/token', '')
    const api = await wayTo({ ...rest, tokenEndpoint, issuer, authentication: 'private_key_jwt' })
    expect(await api.send(instruction())).toMatchObject({ kind: 'answered' })
    const kids = async () => (await published()).keys.map(({ kid }) => kid)
    const [first] = await kids()
    await clock.advanceTo(Instant.parse('2026-04-15T10:00:00Z'))
    expect((await kids())[0]).not.toBe(first)
    expect(
      await (await wayTo({ ...rest, tokenEndpoint, issuer, authentication: 'private_key_jwt' })).send(instruction()),
    ).toMatchObject({ kind: 'answered' })
  })

  test('a secret is asked for where there is a use for one, and only there', async () => {
    const fsp = await startFsp()
    const { clientSecret: _, ...withoutSecret } = fsp.controlApi
    const refused = async (controlApi: object) => {
      const application = applicationOf('Ltd', { controlApi } as never)
      return (await server.client().ask(operations.applyAsFsp, { body: application })).body.errors[0].field
    }
    expect(await refused(withoutSecret)).toBe('controlApi.clientSecret')
    expect(await refused({ ...fsp.controlApi, authentication: 'private_key_jwt' })).toBe('controlApi.clientSecret')
  })
})

describe('FA06 tokens', () => {
  test('a token is kept, and renewed ahead of its end', async () => {
    const [lasting, brief] = [await startFsp(), await startFsp({ accessTokenLifeS: 29 })]
    for (const [fsp, fetched] of [
      [lasting, 1],
      [brief, 3],
    ] as const) {
      const api = await wayTo(fsp.controlApi)
      for (let i = 0; i < 3; i++) expect(await api.send(instruction())).toMatchObject({ kind: 'answered' })
      expect(fsp.tokensIssued).toBe(fetched)
    }
  })

  test('FM04 an outage of the endpoint: the token kept still serves while it holds; without one nothing is sent', async () => {
    const fsp = await startFsp({ accessTokenLifeS: 29 })
    const api = await wayTo(fsp.controlApi)
    expect(await api.send(instruction())).toMatchObject({ kind: 'answered' })
    fsp.isTokenEndpointDown = true
    expect(await api.send(instruction())).toMatchObject({ kind: 'answered' })
    const fresh = await wayTo(fsp.controlApi)
    expect(await fresh.send(instruction())).toMatchObject({ kind: 'not-sent', isFinal: true })
    expect(fsp.received).toHaveLength(2)
    fsp.isTokenEndpointDown = false
    expect(await fresh.send(instruction())).toMatchObject({ kind: 'answered' })
  })

  test('FM05 a 401 is met by one new token and one repetition, and a second 401 by no more', async () => {
    const fsp = await startFsp()
    const api = await wayTo(fsp.controlApi)
    expect(await api.send(instruction())).toMatchObject({ kind: 'answered' })
    fsp.behaviour = 'reject-token'
    expect(await api.send(instruction())).toMatchObject({ kind: 'answered' })
    expect(fsp.tokensIssued).toBe(2)
    fsp.behaviour = 'reject-every-token'
    expect(await api.send(instruction())).toMatchObject({ kind: 'not-sent', detail: expect.stringContaining('401') })
    expect([fsp.tokensIssued, fsp.received.length]).toEqual([3, 2])
  })
})

describe('an FSP that fails again and again', () => {
  test('is left alone, tried once after a while, and called as before once it answers', async () => {
    const fsp = await startFsp()
    const api = await wayTo(fsp.controlApi)
    fsp.behaviour = 'server-error'
    for (let i = 0; i < 5; i++) expect((await api.send(instruction())).kind).toBe('unknown')
    const left = await api.send(instruction())
    expect(left).toMatchObject({ kind: 'not-sent', isFinal: true, detail: expect.stringContaining('5 times in a row') })
    expect(await api.ask(randomUUID())).toMatchObject({ kind: 'unknown', isFinal: true })
    expect(fsp.received).toHaveLength(5)

    await clock.advanceTo(clock.now().plusSeconds(60))
    const [tried, beside] = await Promise.all([api.send(instruction()), api.send(instruction())])
    expect([tried.kind, beside.kind]).toEqual(['unknown', 'not-sent'])
    expect(fsp.received).toHaveLength(6)

    fsp.behaviour = 'accept'
    await clock.advanceTo(clock.now().plusSeconds(60))
    const both = await Promise.all([api.send(instruction()), api.send(instruction())])
    expect(both.map(({ kind }) => kind)).toEqual(['answered', 'answered'])
    expect(fsp.received).toHaveLength(8)
  })

  test('one that refuses is well: refusals are no faults', async () => {
    const fsp = await startFsp()
    const api = await wayTo(fsp.controlApi)
    fsp.behaviour = 'refuse-outside-window'
    for (let i = 0; i < 7; i++) expect((await api.send(instruction())).kind).toBe('answered')
    for (let i = 0; i < 7; i++) expect((await api.ask(randomUUID())).kind).toBe('never-seen')
  })
})

describe('FM41 where an FSP’s address leads', () => {
  test('inside the DNO’s own network it is not called, unless that is configured', async () => {
    const fsp = await startFsp()
    await wayTo(fsp.controlApi)
    const row = (await engineer.ask(operations.listFsps)).body.items.at(-1)
    const strict = createControlDirectory({ ...server.context, arePrivateAddressesAllowed: false }, null)
    const sent = await (await strict(row.fspId)).send(instruction())
    expect(sent).toMatchObject({ kind: 'not-sent', isFinal: true, detail: expect.stringContaining('internal address') })
    expect([fsp.received.length, fsp.tokensIssued]).toEqual([0, 0])
  })

  test('a redirection is not followed: it would carry token and instruction to an address that nobody has checked', async () => {
    const fsp = await startFsp()
    const elsewhere = await listen({ host: '127.0.0.1', port: 0, what: 'a test', portSetting: 'none' })
    onTestFinished(() => elsewhere.close(0))
    let calls = 0
    elsewhere.use(() => {
      calls++
      const location = `${fsp.controlApi.baseUrl}${controlOperations.instruct.path}`
      return new Response(null, { status: 307, headers: { location } })
    })
    const api = await wayTo({ ...fsp.controlApi, baseUrl: elsewhere.url })
    expect((await api.send(instruction())).kind).not.toBe('answered')
    expect([calls, fsp.received.length]).toEqual([1, 0])
  })
})

import { Instant } from '@js-joda/core'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { createTokenSource } from '../../platform/oauth/index.ts'
import { operations } from '../../schemas/operations.ts'
import { type Client, createClient } from '../../test/support/client.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { applicationOf } from '../../test/support/market.ts'
import { agreed, secondPerson } from '../../test/support/second-person.ts'
import { startTestServer, type TestServer } from '../../test/support/server.ts'

let server: TestServer
let engineer: Client
let administrator: Client

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey']

const nowhere = {
  baseUrl: 'http://127.0.0.1:9/control',
  tokenEndpoint: 'http://127.0.0.1:9/token',
  clientId: 'dno',
  clientSecret: 'a long secret',
  scope: 'control',
}

beforeAll(async () => {
  const { url } = await createTestDatabase('server')
  server = await startTestServer(url, new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z')))
  engineer = await server.person('erin', 'flexibility-engineer')
  administrator = await server.person('ada', 'administrator')
})

async function accepted(companyName: string, clientAuthentication: object = { method: 'client_secret_basic' }) {
  const application = { ...applicationOf(companyName, { controlApi: nowhere }), clientAuthentication }
  const { body } = await server.client().ask(operations.applyAsFsp, { body: application })
  const accept = { params: { id: body.applicationId }, body: { decision: 'accept' } }
  await agreed(await secondPerson(server), engineer.ask(operations.decideOnApplication, accept))
  return body as { applicationId: string; clientId: string; clientSecret: string | null }
}

describe('clients of FSPs', () => {
  test.each(['ES256', 'PS256', 'EdDSA'])('private_key_jwt with %s opens the API, another key does not', async (alg) => {
    const [own, strange] = [
      await generateKeyPair(alg, { extractable: true, modulusLength: 3072 }),
      await generateKeyPair(alg, { extractable: true, modulusLength: 3072 }),
    ]
    const key = { ...(await exportJWK(own.publicKey)), kid: 'k1', alg, use: 'sig' }
    const { clientId, clientSecret } = await accepted(`${alg} Ltd`, {
      method: 'private_key_jwt',
      jwks: { keys: [key] },
    })
    expect(clientSecret).toBeNull()
    const source = (privateKey: PrivateKey) =>
      createTokenSource({
        ...server.issuer,
        clientId,
        scope: 'market',
        authentication: { method: 'private_key_jwt', key: privateKey, kid: 'k1' },
      })
    const authorization = `Bearer ${await source(own.privateKey).get()}`
    expect((await createClient(server.url, { authorization }).ask(operations.listFsps)).body.items).toHaveLength(1)
    await expect(source(strange.privateKey).get()).rejects.toThrow('no access token')
  })

  test('an assertion that names EdDSA by its old name is taken, and taken once', async () => {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true })
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'Ed25519' }]
    const { clientId } = await accepted('Old Name Ltd', { method: 'private_key_jwt', jwks: { keys } })
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA', kid: 'k1' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(server.issuer.issuer)
      .setJti('once')
      .setIssuedAt()
      .setExpirationTime('1 minute')
      .sign(privateKey)
    const ask = () =>
      fetch(server.issuer.tokenEndpoint, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: clientId,
          scope: 'market',
          client_assertion: assertion,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        }),
      })
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(401)
  })

  test('a token is for one audience and the scopes that were asked for and granted', async () => {
    const { clientId, clientSecret } = await accepted('Scopes Ltd')
    const claims = async (scope: string) => {
      const client = await server.tokenClient(clientId, clientSecret ?? '', scope)
      const [, payload = ''] = (client.headers['authorization'] ?? '').split('.')
      return { client, ...JSON.parse(Buffer.from(payload, 'base64url').toString()) }
    }
    const metering = await claims('meter')
    expect(metering).toMatchObject({ aud: server.issuer.resource, iss: server.issuer.issuer, scope: 'meter' })
    expect((await metering.client.ask(operations.listFlexibleUnits)).status).toBe(403)
    expect((await (await claims('market')).client.ask(operations.listFlexibleUnits)).status).toBe(200)
    await expect(server.tokenClient(clientId, clientSecret ?? '', 'gateway')).rejects.toThrow('no access token')
  })

  test('FM05 revoked tokens stop at once, and a new one opens the door again', async () => {
    const { clientId, clientSecret } = await accepted('Revoked Ltd')
    const client = await server.tokenClient(clientId, clientSecret ?? '')
    expect((await client.ask(operations.listDers)).status).toBe(200)
    expect((await administrator.ask(operations.revokeTokens, { params: { clientId } })).body).toMatchObject({
      active: true,
    })
    const refused = await client.ask(operations.listDers)
    expect([refused.status, refused.body.type]).toEqual([401, 'urn:ringmain:problem:invalid-token'])
    await expect
      .poll(
        async () => (await (await server.tokenClient(clientId, clientSecret ?? '')).ask(operations.listDers)).status,
        {
          timeout: 5_000,
          interval: 250,
        },
      )
      .toBe(200)
  })

  test('a client that is shut out has no token and no use of one, its people no portal; until it is let in again', async () => {
    const { applicationId, clientId, clientSecret } = await accepted('Shut Out Ltd')
    const client = await server.tokenClient(clientId, clientSecret ?? '')
    const user = await server.fspUser('shut-out', applicationId)
    const statuses = async () => [
      (await client.ask(operations.listDers)).status,
      (await user.ask(operations.listDers)).status,
    ]
    expect(await statuses()).toEqual([200, 200])
    await administrator.ask(operations.setClientAccess, { params: { clientId }, body: { active: false } })
    expect(await statuses()).toEqual([401, 401])
    await expect(server.tokenClient(clientId, clientSecret ?? '')).rejects.toThrow('no access token')
    await administrator.ask(operations.setClientAccess, { params: { clientId }, body: { active: true } })
    expect(await statuses()).toEqual([200, 200])
    const listed = (await administrator.ask(operations.listClients)).body.items
    expect(listed.find((one: { clientId: string }) => one.clientId === clientId)).toMatchObject({
      kind: 'fsp',
      subjectId: applicationId,
      authentication: 'client_secret_basic',
      active: true,
    })
  })
})

describe('portal accounts', () => {
  const grace = { fullName: 'Grace Okoro', password: 'a long pass phrase', roles: ['operator'], fspId: null }

  test('an administrator makes accounts; a change logs their people out', async () => {
    expect(
      (await administrator.ask(operations.changeAccount, { params: { username: 'grace' }, body: grace })).body,
    ).toMatchObject({ username: 'grace', fspId: null })
    const client = await server.person('grace', 'operator')
    expect((await client.ask(operations.readSession)).body).toMatchObject({ username: 'grace', roles: ['operator'] })
    const { password: _, ...unchanged } = grace
    await administrator.ask(operations.changeAccount, {
      params: { username: 'grace' },
      body: { ...unchanged, roles: ['planner'] },
    })
    expect((await client.ask(operations.readSession)).status).toBe(401)
    const { items } = (await administrator.ask(operations.listAccounts)).body
    expect(items.find((one: { username: string }) => one.username === 'grace')).toMatchObject({ roles: ['planner'] })
    expect(JSON.stringify(items)).not.toContain('assword')
  })

  test('an FSP user has an FSP and no other role, and everybody else none', async () => {
    const { applicationId } = await accepted('People Ltd')
    const put = (change: object) =>
      administrator.ask(operations.changeAccount, { params: { username: 'ines' }, body: { ...grace, ...change } })
    expect((await put({ roles: ['fsp-user'] })).body.errors[0].field).toBe('fspId')
    expect((await put({ roles: ['fsp-user', 'planner'], fspId: applicationId })).body.errors[0].field).toBe('roles')
    expect((await put({ fspId: applicationId })).body.errors[0].field).toBe('fspId')
    expect((await put({ roles: ['fsp-user'], fspId: applicationId })).status).toBe(200)
    const user = await server.fspUser('ines', applicationId)
    expect((await user.ask(operations.readSession)).body).toMatchObject({
      username: 'ines',
      roles: ['fsp-user'],
      fspId: applicationId,
    })
    expect((await user.ask(operations.listConnections)).status).toBe(403)
  })

  test('a new account needs a password', async () => {
    const { password: _, ...form } = grace
    expect(
      (await administrator.ask(operations.changeAccount, { params: { username: 'nobody-yet' }, body: form })).body
        .errors[0].field,
    ).toBe('password')
  })
})

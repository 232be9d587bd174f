import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { Provider } from 'oidc-provider'
import { beforeAll, describe, expect, test } from 'vitest'
import { openSession } from '../../cli/system/portal-client.ts'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { createApi, listen, type NodeHandler } from '../../platform/http/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { replaceSigningKeys } from '../../platform/oauth/index.ts'
import { operations } from '../../schemas/operations.ts'
import { atEnd } from '../../test/support/cleanup.ts'
import { createClient } from '../../test/support/client.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { screen } from '../../test/support/screen.ts'
import { startTestServer, type TestServer } from '../../test/support/server.ts'
import { addressOf, Browser, callbackAddress, logInAddress, sendPassword } from '../../test/support/visitor.ts'
import { saveAccount } from './index.ts'
import { authenticationAgeS, identityOf, pathAfterLogIn } from './log-in/rules.ts'

const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))

describe('with this server as the issuer', () => {
  let server: TestServer
  beforeAll(async () => {
    const { url, db } = await createTestDatabase('server')
    server = await startTestServer(url, clock)
    await saveAccount(db, { username: 'priya', fullName: 'Priya Nair', password: 'correct horse', roles: ['planner'] })
  })

  test('code and PKCE: out to the issuer, name and password on its page, and back to where one wanted to go', async () => {
    const browser = new Browser()
    const begun = await browser.visit(logInAddress(server, screen('hubs?x=1')))
    const sent = new URL(begun.headers.get('location') ?? '')
    expect(sent.href).toContain(server.issuer.issuer)
    expect(Object.fromEntries(sent.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      client_id: 'ringmain-portal',
    })
    const page = await browser.go(sent.href)
    expect(page.pathname).toBe('/log-in')
    const { body } = await sendPassword(browser, server, page, 'priya', 'correct horse')
    const end = await browser.go(body['redirectTo'] ?? '')
    expect(`${end.pathname}${end.search}`).toBe(screen('hubs?x=1'))
    expect((await browser.session(server)).body).toMatchObject({ username: 'priya', roles: ['planner'] })
    const { name, value } = [...browser.jar.values()].find((each) => each.name === 'ringmain_session') ?? {}
    const session = createClient(server.url, { cookie: `${name}=${value}` })
    expect((await session.ask(operations.logOut)).status).toBe(204)
    expect((await browser.session(server)).status).toBe(401)
  })

  test('the next log-in asks for the password again', async () => {
    const browser = new Browser()
    const logIn = async () => {
      const page = await browser.go(logInAddress(server))
      expect(page.pathname).toBe('/log-in')
      await browser.go((await sendPassword(browser, server, page, 'priya', 'correct horse')).body['redirectTo'] ?? '')
    }
    await logIn()
    await logIn()
    expect((await browser.session(server)).status).toBe(200)
  })

  test('people log in the minute after the keys that sign were replaced', async () => {
    const logIn = async () => {
      const browser = new Browser()
      const page = await browser.go(logInAddress(server))
      await browser.go((await sendPassword(browser, server, page, 'priya', 'correct horse')).body['redirectTo'] ?? '')
      return (await browser.session(server)).status
    }
    expect(await logIn()).toBe(200)
    await replaceSigningKeys(server.context.db, server.context.secrets, clock.now())
    await clock.advanceTo(clock.now().plusSeconds(60))
    expect(await logIn()).toBe(200)
  })

  test('a wrong password, an unknown name and a page of nowhere open nothing', async () => {
    const browser = new Browser()
    const page = await browser.go(logInAddress(server))
    const wrong = await sendPassword(browser, server, page, 'priya', 'guess')
    const unknown = await sendPassword(browser, server, page, 'nobody', 'guess')
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    expect(wrong.body['detail']).toBe(unknown.body['detail'])
    const nowhere = new URL('/log-in?interaction=made-up', page)
    expect((await sendPassword(browser, server, nowhere, 'priya', 'correct horse')).status).toBe(409)
    expect((await browser.session(server)).status).toBe(401)
  })

  test('a code that another browser fetched logs nobody in, nor does a changed state, nor a code twice', async () => {
    const [victim, attacker] = [new Browser(), new Browser()]
    const page = await attacker.go(logInAddress(server))
    const { body } = await sendPassword(attacker, server, page, 'priya', 'correct horse')
    const callback = (await attacker.visit(body['redirectTo'] ?? '')).headers.get('location') ?? ''
    expect(new URL(callback).pathname).toBe(new URL(callbackAddress(server)).pathname)
    expect((await victim.go(callback)).search).toBe('?fault=expired')
    await victim.visit(logInAddress(server))
    expect((await victim.go(callback)).search).toBe('?fault=refused')
    const cookies = new Map(attacker.jar)
    const forged = new URL(callback)
    forged.searchParams.set('state', 'forged')
    expect((await attacker.go(forged.href)).search).toBe('?fault=refused')
    for (const [key, cookie] of cookies) attacker.jar.set(key, cookie)
    expect((await attacker.go(callback)).pathname).toBe('/')
    for (const [key, cookie] of cookies) attacker.jar.set(key, cookie)
    expect((await attacker.go(callback)).search).toBe('?fault=refused')
    expect((await victim.session(server)).status).toBe(401)
  })

  test('without the code verifier a code is worth nothing', async () => {
    const browser = new Browser()
    const page = await browser.go(logInAddress(server))
    const { body } = await sendPassword(browser, server, page, 'priya', 'correct horse')
    const callback = new URL((await browser.visit(body['redirectTo'] ?? '')).headers.get('location') ?? '')
    const exchange = await fetch(server.issuer.tokenEndpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'ringmain-portal',
        code_verifier: 'x'.repeat(43),
        code: callback.searchParams.get('code') ?? '',
        redirect_uri: callbackAddress(server),
      }),
    })
    expect(exchange.status).toBe(400)
  })

  test('programs log in the same way', async () => {
    const origin = new URL(server.url).origin
    const cookie = await openSession(origin, { username: 'priya', password: 'correct horse' })
    expect((await createClient(server.url, { cookie }).ask(operations.readSession)).body).toMatchObject({
      username: 'priya',
    })
    await expect(openSession(origin, { username: 'priya', password: 'guess' })).rejects.toThrow('cannot log in')
  })
})

describe('with an issuer elsewhere', () => {
  const fspId = randomUUID()
  const people: Record<string, Record<string, unknown>> = {
    'u-1': { name: 'Priya Nair', preferred_username: 'priya', realm: { groups: ['grid-planning', 'all-staff'] } },
    'u-2': { name: 'Visitor', preferred_username: 'visitor', realm: { groups: ['all-staff'] } },
  }
  let server: TestServer
  /** One that asks the issuer for a strong authentication. */
  let strict: TestServer
  let loggedIn = 'u-1'
  let strength: string | undefined
  let issuer = ''

  beforeAll(async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0, what: 'an issuer', portSetting: 'none' })
    atEnd(() => listener.close(0))
    const { url, db } = await createTestDatabase('server')
    issuer = `${listener.url}/realm`
    const portalIssuer = {
      issuer,
      clientId: 'ringmain',
      clientSecret: 'secret at the issuer',
      scope: 'openid profile',
      mapping: { rolesClaim: 'realm.groups', roles: { 'grid-planning': 'planner' as const }, fspClaim: 'fsp' },
      acr: null,
      sessionS: 3_600,
    }
    server = await startTestServer(url, clock, { portalIssuer, people: { recentS: 600 } })
    const strictIssuer = { ...portalIssuer, acr: 'urn:strong' }
    strict = await startTestServer((await createTestDatabase('server')).url, clock, { portalIssuer: strictIssuer })
    await saveAccount(db, { username: 'priya', fullName: 'Another', password: 'a local password', roles: ['operator'] })
    const provider = startIssuer(issuer)
    listener.use(createApi(createLog('test', 'silent')).fetch, {
      '/realm': provider.callback() as NodeHandler,
      '/interaction': (request, response) =>
        void provider.interactionFinished(request, response, {
          login: { accountId: loggedIn, ...(strength ? { acr: strength } : {}) },
        }),
    })
  })

  /** Another make of the same library, set up as strange issuers are: RS256, a secret, claims at the userinfo endpoint. */
  function startIssuer(at: string): Provider {
    return new Provider(at, {
      clients: [
        {
          client_id: 'ringmain',
          client_secret: 'secret at the issuer',
          grant_types: ['authorization_code'],
          redirect_uris: [server, strict].map(callbackAddress),
          post_logout_redirect_uris: [new URL('/log-in', server.url).href],
        },
      ],
      claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'realm'] },
      findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
      acrValues: ['urn:strong'],
      features: { devInteractions: { enabled: false } },
      interactions: { url: () => '/interaction' },
      async loadExistingGrant({ oidc }) {
        const grant = new oidc.provider.Grant({
          accountId: String(oidc.session?.accountId),
          clientId: String(oidc.client?.clientId),
        })
        grant.addOIDCScope('openid profile')
        await grant.save()
        return grant
      },
    })
  }

  test('its groups become roles by the configured claim; the user name does not take over a local account', async () => {
    loggedIn = 'u-1'
    const browser = new Browser()
    expect((await browser.go(logInAddress(server, screen('hubs')))).pathname).toBe(screen('hubs'))
    expect((await browser.session(server)).body).toMatchObject({
      username: `priya@${new URL(issuer).host}`,
      fullName: 'Priya Nair',
      roles: ['planner'],
    })
    const { body } = await (await server.person('ada', 'administrator')).ask(operations.listAccounts)
    expect(body.items.filter((one: { external: boolean }) => one.external)).toHaveLength(1)
    const change = { fullName: 'P', roles: ['administrator'], fspId: null }
    const username = `priya@${new URL(issuer).host.replace(':', '.')}`
    expect(username).toContain('priya')
    expect(
      (
        await (
          await server.person('ada', 'administrator')
        ).ask(operations.changeAccount, { params: { username: 'ada' }, body: change })
      ).status,
    ).toBe(200)
  })

  test('who has no group that means anything here does not come in, and is told so', async () => {
    loggedIn = 'u-2'
    const browser = new Browser()
    const end = await browser.go(logInAddress(server))
    expect(`${end.pathname}${end.search}`).toBe('/log-in?fault=no-role')
    expect((await browser.session(server)).status).toBe(401)
  })

  test('a change of groups shows at the next log-in, under the same account', async () => {
    loggedIn = 'u-1'
    const first = new Browser()
    await first.go(logInAddress(server))
    people['u-1'] = { ...people['u-1'], realm: { groups: ['operator'] } }
    const second = new Browser()
    await second.go(logInAddress(server))
    const [before, after] = [await first.session(server), await second.session(server)]
    expect([after.body['accountId'], after.body['roles']]).toEqual([before.body['accountId'], ['operator']])
  })

  test('a session ends after an hour, so that the issuer’s roles are read again', async () => {
    loggedIn = 'u-1'
    const browser = new Browser()
    await browser.go(logInAddress(server))
    await clock.advanceTo(clock.now().plusSeconds(3_599))
    expect((await browser.session(server)).status).toBe(200)
    await clock.advanceTo(clock.now().plusSeconds(1))
    expect((await browser.session(server)).status).toBe(401)
  })

  test('an act that matters needs an authentication whose time the issuer states: another log-in asks for one', async () => {
    loggedIn = 'u-1'
    const browser = new Browser()
    await browser.go(logInAddress(server))
    const end = async () => {
      const { body } = await browser.ask(server, operations.listOwnSessions)
      return browser.ask(server, operations.endOwnSession, { params: { sessionId: body[0].sessionId } })
    }
    expect(await end()).toMatchObject({ status: 403, body: { type: 'urn:ringmain:problem:reauthentication-needed' } })
    const again = addressOf(server, operations.beginLogIn, { again: 'true' })
    const asked = new URL((await browser.visit(again)).headers.get('location') ?? '')
    expect([asked.searchParams.get('prompt'), asked.searchParams.get('max_age')]).toEqual(['login', '0'])
    await browser.go(again)
    expect((await end()).status).toBe(204)
  })

  test('a weaker authentication than the one that is required opens nothing', async () => {
    loggedIn = 'u-1'
    const attempt = async (stated: string | undefined) => {
      strength = stated
      const browser = new Browser()
      const { pathname, search } = await browser.go(logInAddress(strict))
      return [`${pathname}${search}`, (await browser.session(strict)).status]
    }
    expect(await attempt(undefined)).toEqual(['/log-in?fault=refused', 401])
    expect(await attempt('urn:strong')).toEqual(['/', 200])
    strength = undefined
  })

  test.each([
    ['stated', { auth_time: 1_000 }, false, 60],
    ['stated by a clock that is ahead', { auth_time: 1_100 }, true, 0],
    ['not stated', {}, false, null],
    ['not stated, but just asked for', {}, true, 0],
    ['not a number', { auth_time: '1000' }, false, null],
  ])('the age of an authentication is %s', (_, claims, isAgain, ageS) => {
    expect(authenticationAgeS(claims, isAgain, 1_060)).toBe(ageS)
  })

  test('passwords of this server open nothing then, and logging out leads to the issuer', async () => {
    const page = new URL('/log-in?interaction=x', server.url)
    expect((await sendPassword(new Browser(), server, page, 'priya', 'a local password')).status).toBe(401)
    const out = (await new Browser().visit(addressOf(server, operations.logOutAtIssuer))).headers.get('location') ?? ''
    expect(out).toContain(`${issuer}/session/end`)
    expect(new URL(out).searchParams.get('post_logout_redirect_uri')).toBe(new URL('/log-in', server.url).href)
  })

  test.each([
    ['a role by its own name', { roles: ['settlement'] }, ['settlement']],
    ['a single group as text', { roles: 'grid' }, ['planner']],
    ['nothing known', { roles: ['staff'] }, null],
    ['no claim', {}, null],
    ['an FSP user with an FSP', { roles: ['fsp-user'], fsp: fspId }, ['fsp-user']],
    ['an FSP user without one', { roles: ['fsp-user'] }, null],
    ['an FSP user with another role', { roles: ['fsp-user', 'planner'], fsp: fspId }, null],
  ])('claims: %s', (_, claims, roles) => {
    const mapping = { rolesClaim: 'roles', roles: { grid: 'planner' as const }, fspClaim: 'fsp' }
    const read = identityOf({ sub: 's', ...claims }, mapping)
    expect(read.ok ? read.value.roles : null).toEqual(roles)
  })

  test.each([
    [screen('hubs'), screen('hubs')],
    [undefined, '/'],
    ['//elsewhere.example', '/'],
    ['/\\elsewhere.example', '/'],
    ['https://elsewhere.example', '/'],
  ])('after logging in %s leads to %s', (wanted, path) => {
    expect(pathAfterLogIn(wanted)).toBe(path)
  })
})

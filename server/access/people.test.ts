import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { Secret, TOTP } from 'otpauth'
import { beforeAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { acts } from '../../schemas/acts.ts'
import { operations } from '../../schemas/operations.ts'
import type { Client } from '../../test/support/client.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { startTestServer, type TestServer } from '../../test/support/server.ts'
import { addressOf, Browser, logIn, logInAddress, sendPassword } from '../../test/support/visitor.ts'
import { peoplePolicies } from '../kit/index.ts'
import { passwordFault } from './accounts/password-rules.ts'
import { newTotpSecret, stepOf } from './accounts/second-factor.ts'
import { saveAccount } from './index.ts'

const clock = new SimulatedClock(Instant.parse('2026-03-02T08:00:00Z'))
const password = 'four unrelated kettles hum'
let server: TestServer
let admin: Client

beforeAll(async () => {
  const { url } = await createTestDatabase('server')
  server = await startTestServer(url, clock, { people: peoplePolicies.live })
  admin = await administrator()
})

/** An administrator whose account lacks nothing, freshly authenticated. */
async function administrator(): Promise<Client> {
  const client = await server.person('ada', 'administrator')
  await server.context.db.execute(sql`update account set sealed_totp = 'set up' where username = 'ada'`)
  return client
}

let people = 0

/** Somebody with an account and a password of their own, without a second factor yet. */
async function somebody(): Promise<string> {
  const username = `person-${++people}`
  await saveAccount(server.context.db, { username, fullName: 'Some Body', password, roles: ['planner'] })
  return username
}

const codeAt = (secret: string, at: Instant) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.toEpochMilli() })

/** Somebody who is logged in and has an authenticator app. */
async function withApp(): Promise<{ username: string; browser: Browser; secret: string; recoveryCodes: string[] }> {
  const [username, browser] = [await somebody(), new Browser()]
  await logIn(browser, server, username, password)
  const { secret } = (await browser.ask(server, operations.beginSecondFactor, { body: { password } })).body
  const confirmed = await browser.ask(server, operations.confirmSecondFactor, {
    body: { code: codeAt(secret, clock.now()) },
  })
  await clock.advanceTo(clock.now().plusSeconds(60))
  return { username, browser, secret, recoveryCodes: confirmed.body.recoveryCodes }
}

describe('passwords', () => {
  test.each([
    ['password1234', 'a common one'],
    ['qwertyuiopasdf', 'a row of keys'],
    ['letmeinletmein', 'a breached one, twice'],
    ['aaaaaaaaaaaaaaaa', 'one letter'],
    ['Ringmain2026!', 'the product'],
    ['marguerite.duval', 'the person'],
  ])('%s is refused: %s', async (weak) => {
    expect(await passwordFault(weak, ['marguerite.duval', 'Marguerite Duval'])).toMatchObject({
      kind: 'contract-broken',
    })
  })

  test.each([password, '    seven blanks and 1 fish', 'ångström Ω πολύ μακρύ', 'wq8Ru2pZ0vLk'])(
    '%s can be chosen, whatever characters it has',
    async (strong) => {
      expect(await passwordFault(strong, ['somebody'])).toBeNull()
    },
  )

  test('a person changes it with the present one; the other sessions end, this one goes on', async () => {
    const [username, browser, other] = [await somebody(), new Browser(), new Browser()]
    await logIn(browser, server, username, password)
    await logIn(other, server, username, password)
    const change = (body: object) => browser.ask(server, operations.changePassword, { body })
    const next = 'nine brass owls ask politely'
    expect(await change({ current: 'something else entirely', password: next })).toMatchObject({ status: 401 })
    expect((await change({ current: password, password: 'password1234' })).body.errors[0].message).toMatch(
      /easy to guess/,
    )
    expect(await change({ current: password, password })).toMatchObject({ status: 409 })
    expect((await other.session(server)).status).toBe(200)
    expect(await change({ current: password, password: next })).toMatchObject({ status: 204 })
    expect((await browser.session(server)).status).toBe(200)
    expect((await other.session(server)).status).toBe(401)
    const page = await other.go(logInAddress(server))
    expect((await sendPassword(other, server, page, username, password)).status).toBe(401)
    expect((await sendPassword(other, server, page, username, next)).status).toBe(200)
  })

  test('one that an administrator chose has to be changed before anything else', async () => {
    const form = { fullName: 'New Person', roles: ['planner'], password: 'first day at the works' }
    const made = await admin.ask(operations.changeAccount, { params: { username: 'new.person' }, body: form })
    expect(made.body).toMatchObject({ active: true, hasSecondFactor: false })
    const browser = new Browser()
    await logIn(browser, server, 'new.person', form.password)
    expect((await browser.session(server)).body['needs']).toBe('password-change')
    const refused = await browser.ask(server, operations.listFsps)
    expect(refused).toMatchObject({ status: 403, body: { type: 'urn:ringmain:problem:account-incomplete' } })
    await browser.ask(server, operations.changePassword, { body: { current: form.password, password } })
    expect((await browser.session(server)).body['needs']).toBe('second-factor')
  })

  test('an administrator cannot give an easy one either', async () => {
    const body = { fullName: 'New Person', roles: ['planner'], password: 'passwordpassword' }
    const answer = await admin.ask(operations.changeAccount, { params: { username: 'weak.person' }, body })
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'password' }] } })
  })
})

describe('the second factor', () => {
  test('is needed before anything else, and is set up with the password and a code', async () => {
    const [username, browser] = [await somebody(), new Browser()]
    await logIn(browser, server, username, password)
    expect(await browser.ask(server, operations.readOverview)).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('second factor') },
    })
    expect((await browser.ask(server, operations.beginSecondFactor, { body: { password: 'wrong' } })).status).toBe(401)
    const begun = (await browser.ask(server, operations.beginSecondFactor, { body: { password } })).body
    expect(begun.uri).toMatch(new RegExp(`^otpauth://totp/Ringmain:${username}\\?.*secret=${begun.secret}`))
    const confirm = (code: string) => browser.ask(server, operations.confirmSecondFactor, { body: { code } })
    expect((await confirm(codeAt(begun.secret, clock.now().minusSeconds(120)))).status).toBe(401)
    const confirmed = await confirm(codeAt(begun.secret, clock.now()))
    expect(confirmed.body.recoveryCodes).toHaveLength(10)
    expect((await browser.session(server)).body['needs']).toBeNull()
    expect((await browser.ask(server, operations.readOverview)).status).toBe(200)
    const [stored] = await server.context.db.execute(sql`select sealed_totp from account where username = ${username}`)
    expect(String(stored?.['sealed_totp'])).not.toContain(begun.secret)
  })

  test('log-in asks for a code after the right password, and takes each code once', async () => {
    const { username, secret } = await withApp()
    const browser = new Browser()
    const page = await browser.go(logInAddress(server))
    const send = (code?: string, given = password) => sendPassword(browser, server, page, username, given, {}, code)
    expect((await send(undefined, 'not the password')).body['type']).toMatch(/wrong-credentials$/)
    expect((await send()).body['type']).toMatch(/second-factor-needed$/)
    expect((await send('000000')).body['type']).toMatch(/wrong-credentials$/)
    const code = codeAt(secret, clock.now())
    expect((await send(code)).status).toBe(200)
    const again = new Browser()
    const second = await again.go(logInAddress(server))
    expect((await sendPassword(again, server, second, username, password, {}, code)).status).toBe(401)
  })

  test('a code that is sent twice at the same moment works once', async () => {
    const { username, secret } = await withApp()
    const code = codeAt(secret, clock.now())
    const tries = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const browser = new Browser()
        const page = await browser.go(logInAddress(server))
        return (await sendPassword(browser, server, page, username, password, {}, code)).status
      }),
    )
    expect(tries.filter((status) => status === 200)).toHaveLength(1)
  })

  test('a recovery code replaces the app once, however it is typed', async () => {
    const { username, recoveryCodes } = await withApp()
    const typed = recoveryCodes[3]?.toLowerCase().replaceAll('-', ' ') ?? ''
    const attempt = async () => {
      const browser = new Browser()
      const page = await browser.go(logInAddress(server))
      return (await sendPassword(browser, server, page, username, password, {}, typed)).status
    }
    expect([await attempt(), await attempt()]).toEqual([200, 401])
  })

  test('a lost one is removed by another administrator, with the proof of identity in the audit trail', async () => {
    const { username, browser } = await withApp()
    const reset = (client: Client, of: string, proof: string) =>
      client.ask(operations.resetSecondFactor, { params: { username: of }, body: { proof } })
    expect((await reset(admin, 'ada', 'I know myself well')).status).toBe(409)
    expect((await reset(admin, username, 'short')).status).toBe(422)
    const done = await reset(admin, username, 'came to the desk with the staff card')
    expect(done.body).toMatchObject({ username, hasSecondFactor: false })
    expect((await browser.session(server)).status).toBe(401)
    const { body } = await admin.ask(operations.listAuditEntries, { query: { action: 'account.second-factor-reset' } })
    expect(body.items[0]).toMatchObject({ actor: 'ada', detail: { proof: 'came to the desk with the staff card' } })
  })

  test('cannot be removed where it is required', async () => {
    const { browser } = await withApp()
    expect((await browser.ask(server, operations.removeSecondFactor)).status).toBe(409)
  })

  test('a code is right for its own 30 seconds and the step before and after, and never for an earlier step than the last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), fc.integer({ min: -200, max: 200 }), (second, lateS) => {
        const secret = newTotpSecret()
        const [made, used] = [Instant.ofEpochSecond(second + 200), Instant.ofEpochSecond(second + 200 + lateS)]
        const step = Math.floor(made.epochSecond() / 30)
        const distance = Math.abs(Math.floor(used.epochSecond() / 30) - step)
        expect(stepOf(secret, codeAt(secret, made), used, 0)).toBe(distance <= 1 ? step : null)
        expect(stepOf(secret, codeAt(secret, made), used, step)).toBeNull()
      }),
      { numRuns: 200 },
    )
  })
})

describe('sessions', () => {
  test('end an hour after their last use, and twelve hours after their beginning', async () => {
    const { username, browser, secret } = await withApp()
    const later = async (minutes: number) => {
      await clock.advanceTo(clock.now().plusSeconds(minutes * 60))
      return (await browser.session(server)).status
    }
    expect([await later(55), await later(55), await later(61)]).toEqual([200, 200, 401])
    await logIn(browser, server, username, password, undefined, codeAt(secret, clock.now()))
    for (let minutes = 0; minutes < 12 * 60 - 40; minutes += 40) expect(await later(40)).toBe(200)
    expect(await later(41)).toBe(401)
  })

  test('are listed to their owner, who ends one of them', async () => {
    const { username, browser, secret } = await withApp()
    const other = new Browser()
    await logIn(other, server, username, password, undefined, codeAt(secret, clock.now()))
    const { body } = await browser.ask(server, operations.listOwnSessions)
    expect(body).toHaveLength(2)
    expect(body.map((one: { current: boolean }) => one.current).toSorted()).toEqual([false, true])
    expect(body[0]).toMatchObject({ address: '127.0.0.1', createdAt: expect.stringMatching(/^2026-03-0/) })
    const { sessionId } = body.find((one: { current: boolean }) => !one.current)
    expect((await browser.ask(server, operations.endOwnSession, { params: { sessionId } })).status).toBe(204)
    expect((await other.session(server)).status).toBe(401)
    expect((await browser.ask(server, operations.endOwnSession, { params: { sessionId } })).status).toBe(404)
  })

  test('of another person cannot be ended', async () => {
    const [one, two] = [await withApp(), await withApp()]
    const { body } = await two.browser.ask(server, operations.listOwnSessions)
    const params = { sessionId: body[0].sessionId }
    expect((await one.browser.ask(server, operations.endOwnSession, { params })).status).toBe(404)
    expect((await two.browser.session(server)).status).toBe(200)
  })

  test('of an account end when an administrator disables it or ends them', async () => {
    const { username, browser, secret } = await withApp()
    admin = await administrator()
    const sessions = await admin.ask(operations.listAccountSessions, { params: { username } })
    expect(sessions.body).toHaveLength(1)
    expect((await admin.ask(operations.endAccountSessions, { params: { username } })).status).toBe(204)
    expect((await browser.session(server)).status).toBe(401)
    await logIn(browser, server, username, password, undefined, codeAt(secret, clock.now()))
    const access = (active: boolean) =>
      admin.ask(operations.setAccountAccess, { params: { username }, body: { active } })
    expect((await access(false)).body).toMatchObject({ active: false })
    expect((await browser.session(server)).status).toBe(401)
    const page = await browser.go(logInAddress(server))
    await clock.advanceTo(clock.now().plusSeconds(60))
    const send = () => sendPassword(browser, server, page, username, password, {}, codeAt(secret, clock.now()))
    expect((await send()).body['type']).toMatch(/wrong-credentials$/)
    await access(true)
    await clock.advanceTo(clock.now().plusSeconds(60))
    expect((await send()).status).toBe(200)
    const own = await admin.ask(operations.setAccountAccess, { params: { username: 'ada' }, body: { active: false } })
    expect(own.status).toBe(409)
  })

  test('of an account are ended one by one by an administrator', async () => {
    const { username, browser } = await withApp()
    admin = await administrator()
    const [session] = (await admin.ask(operations.listAccountSessions, { params: { username } })).body
    const end = (of: string) =>
      admin.ask(operations.endAccountSession, { params: { username: of, sessionId: session.sessionId } })
    expect((await end('ada')).status).toBe(404)
    expect((await browser.session(server)).status).toBe(200)
    expect((await end(username)).status).toBe(204)
    expect((await browser.session(server)).status).toBe(401)
    expect((await end(username)).status).toBe(404)
  })

  test('an open stream of changes ends with its session', async () => {
    const { username, browser } = await withApp()
    const stream = await browser.visit(addressOf(server, operations.followChanges))
    const reader = stream.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('open')
    admin = await administrator()
    await admin.ask(operations.endAccountSessions, { params: { username } })
    while (!(await reader?.read())?.done);
    expect((await browser.session(server)).status).toBe(401)
  })
})

describe('authentication for the acts that matter most', () => {
  test('has to be ten minutes old at most, and is renewed with password and code under a new cookie', async () => {
    const { browser, secret } = await withApp()
    const { body: sessions } = await browser.ask(server, operations.listOwnSessions)
    const params = { sessionId: sessions[0].sessionId }
    await clock.advanceTo(clock.now().plusSeconds(600))
    const end = () => browser.ask(server, operations.endOwnSession, { params })
    expect(await end()).toMatchObject({ status: 403, body: { type: 'urn:ringmain:problem:reauthentication-needed' } })
    const before = browser.cookie('ringmain_session')
    const confirm = (body: object) => browser.ask(server, operations.confirmIdentity, { body })
    expect((await confirm({ password })).body.type).toMatch(/second-factor-needed$/)
    expect((await confirm({ password: 'wrong', code: codeAt(secret, clock.now()) })).status).toBe(401)
    expect((await confirm({ password, code: codeAt(secret, clock.now()) })).status).toBe(204)
    expect(browser.cookie('ringmain_session')).not.toBe(before)
    const stale = await server.client({ cookie: before ?? '' }).ask(operations.readSession)
    expect(stale.status).toBe(401)
    expect((await end()).status).toBe(204)
  })

  test('SEC06 cannot be guessed within a session', async () => {
    const { browser } = await withApp()
    const guess = () => browser.ask(server, operations.confirmIdentity, { body: { password: 'a guess' } })
    const statuses: number[] = []
    for (let n = 0; n < 11; n++) statuses.push((await guess()).status)
    expect(statuses).toEqual([...Array(10).fill(401), 429])
  })

  test('is asked of every operation that is marked, and of no read', () => {
    const marked = Object.entries(operations).filter(([, stated]) => 'recent' in stated)
    expect(marked.map(([name]) => name)).toEqual(expect.arrayContaining(['changeAccount', 'stopDispatch']))
    expect(marked.filter(([, stated]) => stated.method === 'get')).toEqual([])
  })

  test('is asked of every decision of a second person', () => {
    const decisions = Object.entries(acts).filter(([, { needs }]) => needs === 'second')
    expect(decisions.length).toBeGreaterThan(3)
    const unmarked = decisions.filter(([name]) => !('recent' in operations[name as keyof typeof operations]))
    expect(unmarked.map(([name]) => name)).toEqual([])
  })
})

test('a demo asks nobody for a second factor', async () => {
  const { url } = await createTestDatabase('server')
  const demo = await startTestServer(url, clock)
  await saveAccount(demo.context.db, { username: 'dora', fullName: 'Dora', password: 'demo-dora', roles: ['planner'] })
  const browser = new Browser()
  await logIn(browser, demo, 'dora', 'demo-dora')
  expect(await browser.session(demo)).toMatchObject({ status: 200, body: { needs: null } })
})

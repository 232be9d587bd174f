import { Instant } from '@js-joda/core'
import { desc } from 'drizzle-orm'
import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import { createClient } from '../../test/support/client.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { startTestServer, type TestServer } from '../../test/support/server.ts'
import { Browser, logIn, logInAddress, sendPassword } from '../../test/support/visitor.ts'
import { auditEntry } from '../kit/tables.ts'
import { saveAccount } from './index.ts'
import { pathAfterLogIn } from './log-in/rules.ts'

const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
const right = 'correct horse battery'
let server: TestServer

/** Through this proxy, which the server trusts, a test comes from any address that it states. */
const from = (address: string) => ({ 'x-forwarded-for': address })

beforeAll(async () => {
  const { url, db } = await createTestDatabase('server')
  server = await startTestServer(url, clock, { trustedProxies: ['127.0.0.1', '::1'] })
  const person = (username: string) =>
    saveAccount(db, { username, fullName: username, password: right, roles: ['planner'] })
  for (const username of ['priya', 'ada', 'grace']) await person(username)
})

// Far enough apart that no allowance that one test used up is missing in the next.
beforeEach(() => clock.advanceTo(clock.now().plusSeconds(3 * 3_600)))

/** The latest entries of the audit trail. */
const trail = (count: number) =>
  server.context.db.select().from(auditEntry).orderBy(desc(auditEntry.entryId)).limit(count)

/** Fails as often as stated at a page that another browser began: counted like a wrong password, and nothing has to be hashed. */
async function stumble(
  page: URL,
  username: string,
  times: number,
  addressOf: (i: number) => string,
): Promise<number[]> {
  const statuses: number[] = []
  for (let i = 0; i < times; i++)
    statuses.push((await sendPassword(new Browser(), server, page, username, 'x', from(addressOf(i)))).status)
  return statuses
}

describe('a log-in belongs to the browser that began it', () => {
  test('SEC01 refuses the password of a person who was lured to the page of another browser’s log-in', async () => {
    const [attacker, victim] = [new Browser(), new Browser()]
    const page = await attacker.go(logInAddress(server))
    const sent = await sendPassword(victim, server, page, 'priya', right)
    expect(sent.status).toBe(409)
    expect(sent.body['detail']).toContain('begun in another window or browser')
    const resumed = `${server.issuer.issuer}/auth/${page.searchParams.get('interaction')}`
    await attacker.go(resumed)
    expect((await attacker.session(server)).status).toBe(401)
  })

  test('SEC01 refuses it as well when the person has a log-in of their own in progress', async () => {
    const [attacker, victim] = [new Browser(), new Browser()]
    const page = await attacker.go(logInAddress(server))
    await victim.go(logInAddress(server))
    expect((await sendPassword(victim, server, page, 'priya', right)).status).toBe(409)
    await attacker.go(`${server.issuer.issuer}/auth/${page.searchParams.get('interaction')}`)
    expect((await attacker.session(server)).status).toBe(401)
    expect(await trail(1)).toMatchObject([{ action: 'log-in.refused', detail: { reason: 'another-browser' } }])
  })

  test('SEC01 tries no password on the page of another browser’s log-in', async () => {
    const page = await new Browser().go(logInAddress(server))
    const wrong = await sendPassword(new Browser(), server, page, 'priya', 'a guess')
    expect(wrong.status).toBe(409)
  })

  test('SEC01 gives a new session at each log-in and ends the one that the browser had', async () => {
    const browser = new Browser()
    await logIn(browser, server, 'priya', right)
    const before = browser.cookie('ringmain_session') ?? ''
    await logIn(browser, server, 'priya', right)
    const after = browser.cookie('ringmain_session') ?? ''
    expect(after).not.toBe(before)
    const status = async (cookie: string) =>
      (await createClient(server.url, { cookie }).ask(operations.readSession)).status
    expect([await status(before), await status(after)]).toEqual([401, 200])
  })

  test('SEC01 ends the session that the browser had even if the issuer’s redirect does not carry its cookie', async () => {
    const browser = new Browser()
    await logIn(browser, server, 'priya', right)
    const [key, cookie] = [...browser.jar].find(([, { name }]) => name === 'ringmain_session') ?? []
    const page = await browser.go(logInAddress(server))
    browser.jar.delete(key ?? '')
    await browser.go((await sendPassword(browser, server, page, 'priya', right)).body['redirectTo'] ?? '')
    const old = createClient(server.url, { cookie: `${cookie?.name}=${cookie?.value}` })
    expect((await old.ask(operations.readSession)).status).toBe(401)
  })

  test('SEC01 takes no session that somebody else put into the browser', async () => {
    const browser = new Browser()
    const host = new URL(server.url).host
    browser.jar.set('planted', { name: 'ringmain_session', value: 'chosen-by-the-attacker', path: '/', host })
    await logIn(browser, server, 'priya', right)
    const planted = createClient(server.url, { cookie: 'ringmain_session=chosen-by-the-attacker' })
    expect((await planted.ask(operations.readSession)).status).toBe(401)
  })

  test('SEC01 asks for the password after logging out, even if the prompt is taken out of the address', async () => {
    const browser = new Browser()
    await logIn(browser, server, 'priya', right)
    const cookie = browser.cookie('ringmain_session') ?? ''
    await createClient(server.url, { cookie }).ask(operations.logOut)
    const sent = new URL((await browser.visit(logInAddress(server))).headers.get('location') ?? '')
    sent.searchParams.delete('prompt')
    expect((await browser.go(sent.href)).pathname).toBe('/log-in')
    expect((await browser.session(server)).body['username']).not.toBe('priya')
  })

  test('SEC01 lets another person log in at the same browser', async () => {
    const browser = new Browser()
    await logIn(browser, server, 'priya', right)
    await logIn(browser, server, 'ada', right)
    expect((await browser.session(server)).body['username']).toBe('ada')
  })
})

describe('wrong passwords are braked', () => {
  test('SEC06 takes five attempts on an account from one address, then says when the next is taken', async () => {
    const browser = new Browser()
    const page = await browser.go(logInAddress(server))
    const five = () => stumble(page, 'priya', 6, () => '192.0.2.1')
    expect(await five()).toEqual([409, 409, 409, 409, 409, 429])
    const braked = await sendPassword(browser, server, page, 'priya', right, from('192.0.2.1'))
    expect([braked.status, braked.body['type']]).toEqual([429, 'urn:ringmain:problem:too-many-attempts'])
    expect(braked.body['detail']).toBe('Too many attempts to log in have failed: try again in 3 minutes.')
    const waitS = Number(braked.headers.get('retry-after'))
    expect(waitS).toBe(180)
    await clock.advanceTo(clock.now().plusSeconds(waitS))
    expect((await sendPassword(browser, server, page, 'priya', right, from('192.0.2.1'))).status).toBe(200)
    // A success gives back the whole allowance.
    expect(await five()).toEqual([409, 409, 409, 409, 409, 429])
  })

  test('SEC06 counts attempts at the same moment', async () => {
    const browser = new Browser()
    const page = await browser.go(logInAddress(server))
    const attempts = Array.from({ length: 12 }, () =>
      sendPassword(browser, server, page, 'priya', 'a guess', from('192.0.2.2')),
    )
    const statuses = (await Promise.all(attempts)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(7)
  })

  test('SEC06 does not tell an account from a name that nobody has', async () => {
    const page = await new Browser().go(logInAddress(server))
    const known = await stumble(page, 'priya', 7, () => '192.0.2.3')
    expect(known.at(-1)).toBe(429)
    expect(await stumble(page, 'nobody', 7, () => '192.0.2.3')).toEqual(known)
  })

  test('SEC06 does not lock a person out: elsewhere the account opens, and at a browser that knows the person always', async () => {
    const [known, attacker] = [new Browser(), new Browser()]
    await logIn(known, server, 'grace', right)
    const page = await attacker.go(logInAddress(server))
    const attempt = async (browser: Browser, address: string) => {
      const own = await browser.go(logInAddress(server))
      return (await sendPassword(browser, server, own, 'grace', right, from(address))).status
    }
    expect((await stumble(page, 'grace', 6, () => '192.0.2.4')).at(-1)).toBe(429)
    expect(await attempt(attacker, '192.0.2.4')).toBe(429)
    expect(await attempt(attacker, '198.51.100.1')).toBe(200)
    // From enough addresses the whole account is braked.
    await stumble(page, 'grace', 40, (i) => `203.0.113.${i}`)
    expect(await attempt(attacker, '198.51.100.2')).toBe(429)
    expect(await attempt(known, '198.51.100.3')).toBe(200)
  })

  test('SEC06 brakes an address that tries many accounts, and a /64 of IPv6 as one', async () => {
    const page = await new Browser().go(logInAddress(server))
    const statuses: number[] = []
    for (let i = 0; i < 102; i++)
      statuses.push(...(await stumble(page, `name-${i}`, 1, () => `2001:db8:0:1::${i + 1}`)))
    expect(statuses.indexOf(429)).toBe(100)
    expect(await stumble(page, 'priya', 1, () => '2001:db8:0:2::1')).toEqual([409])
  })

  test('SEC06 refuses a password or a user name that is too long before it is hashed', async () => {
    const browser = new Browser()
    const page = await browser.go(logInAddress(server))
    expect((await sendPassword(browser, server, page, 'priya', 'x'.repeat(513))).status).toBe(422)
    expect((await sendPassword(browser, server, page, 'p'.repeat(201), 'x')).status).toBe(422)
  })
})

describe('log-ins leave a trace', () => {
  test('SEC06 records log-in and log-out by person and address', async () => {
    const browser = new Browser()
    await logIn(browser, server, 'ada', right)
    const cookie = browser.cookie('ringmain_session') ?? ''
    await createClient(server.url, { cookie, ...from('192.0.2.7') }).ask(operations.logOut)
    expect(await trail(2)).toMatchObject([
      { action: 'log-out', actor: 'ada', subjectId: 'ada', detail: { address: '192.0.2.7' } },
      { action: 'log-in.succeeded', actor: 'ada', subjectId: 'ada', detail: { issuer: 'own' } },
    ])
  })

  test('SEC06 records a refusal with its reason, and nothing of what was typed', async () => {
    const browser = new Browser()
    const page = await browser.go(logInAddress(server))
    await sendPassword(browser, server, page, 'priya', 'typed wrong', from('192.0.2.8'))
    await sendPassword(browser, server, page, 'My Secret Pass Phrase', 'priya', from('192.0.2.8'))
    const entries = await trail(2)
    expect(entries).toMatchObject([
      { subjectId: 'unknown', detail: { reason: 'unknown-account', address: '192.0.2.8' } },
      { subjectId: 'priya', detail: { reason: 'wrong-password', address: '192.0.2.8' } },
    ])
    expect(JSON.stringify(entries)).not.toMatch(/secret pass phrase|typed wrong/i)
  })

  test('SEC06 does not let a stranger fill the audit trail', async () => {
    const page = await new Browser().go(logInAddress(server))
    const count = async () => (await trail(100_000)).length
    const before = await count()
    await stumble(page, 'priya', 230, () => '192.0.2.9')
    expect((await count()) - before).toBe(200)
    expect(await trail(1)).toMatchObject([{ detail: { furtherInLogOnly: true } }])
  }, 60_000)
})

describe('what follows a log-in is a page of the portal', () => {
  test.each([
    '/\t/elsewhere.example',
    '/\n/elsewhere.example',
    '/\r/elsewhere.example',
    '/.//elsewhere.example',
    '//elsewhere.example',
    '/\\elsewhere.example',
    '/\\\\elsewhere.example',
    '/..//elsewhere.example',
    '\t//elsewhere.example',
    'https:elsewhere.example',
    '/\t\\elsewhere.example',
    '/a/..//elsewhere.example',
  ])('SEC08 does not leave the portal for %j', async (next) => {
    const browser = new Browser()
    const page = await browser.go(logInAddress(server, next))
    const { body } = await sendPassword(browser, server, page, 'priya', right)
    const callback = (await browser.visit(body['redirectTo'] ?? '')).headers.get('location') ?? ''
    const location = (await browser.visit(callback)).headers.get('location') ?? ''
    expect(new URL(location, server.url).origin).toBe(new URL(server.url).origin)
  })

  test('SEC08 gives a path of the portal for every text, and leaves such a path as it is', () => {
    const portal = 'https://portal.example'
    const odd = fc.array(
      fc.constantFrom('/', '\\', '\t', '\n', '\r', '.', '%2e', '%09', '@', ':', '?', '#', 'a', ' ', '\0'),
    )
    const wanted = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      odd.map((parts) => `/${parts.join('')}`),
      odd.map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(wanted, (text) => {
        const path = pathAfterLogIn(text)
        const there = new URL(path, portal)
        expect(there.origin).toBe(portal)
        expect(path).toMatch(/^\/(?![/\\])/)
        expect(pathAfterLogIn(path)).toBe(path)
      }),
      { numRuns: 5_000 },
    )
    expect(pathAfterLogIn('/page?day=2026-01-15&x=%2F%2Fa#top')).toBe('/page?day=2026-01-15&x=%2F%2Fa#top')
  })
})

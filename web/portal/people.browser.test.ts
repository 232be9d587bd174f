import { Secret, TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import type { Role } from '../../schemas/vocabulary/roles.ts'
import { peoplePolicies } from '../../server/kit/index.ts'
import type { Client } from '../../test/support/client.ts'
import { screenFaults } from '../test/support/accessibility.ts'
import { expectGoodScreens, type Portal, startPortal } from '../test/support/portal.ts'

let portal: Portal

beforeAll(async () => {
  portal = await startPortal('2026-03-02T08:00:00Z', { people: peoplePolicies.live })
}, 180_000)

/** A code that no log-in has used yet: the clock goes on to the next one. */
async function nextCode(secret: string): Promise<string> {
  await portal.clock.advanceTo(portal.clock.now().plusSeconds(60))
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: portal.clock.now().toEpochMilli() })
}

interface Person {
  client: Client
  username: string
  password: string
  secret: string
  recoveryCodes: string[]
}

let people = 0

/** Somebody whose account lacks nothing, logged in just now. */
async function somebody(...roles: Role[]): Promise<Person> {
  const username = `person-${++people}`
  const password = `${username} has a long password`
  const client = await portal.person(username, ...roles)
  const { secret } = (await client.ask(operations.beginSecondFactor, { body: { password } })).body
  const code = await nextCode(secret)
  const { recoveryCodes } = (await client.ask(operations.confirmSecondFactor, { body: { code } })).body
  return { client, username, password, secret, recoveryCodes }
}

async function logIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel('User name').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}

async function later(minutes: number): Promise<void> {
  await portal.clock.advanceTo(portal.clock.now().plusSeconds(minutes * 60))
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 })

describe('logging in with a second factor', () => {
  test('asks for the code after the password, says when it is wrong, and goes on with the right one', async () => {
    const { username, password, secret } = await somebody('planner')
    const page = await portal.open('stranger', '/connections')
    await logIn(page, username, password)
    await page.getByText('Enter the code of your authenticator app, or a recovery code.').waitFor()
    expect(await page.getByLabel('Code').evaluate((field) => field === field.ownerDocument.activeElement)).toBe(true)
    expect(await screenFaults(page)).toEqual([])
    await page.getByLabel('Code').fill('000000')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').getByText('The user name, the password or the code is wrong.').waitFor()
    await page.getByLabel('Code').fill(await nextCode(secret))
    await page.getByRole('button', { name: 'Log in' }).click()
    await heading(page, 'Connections').waitFor()
  })

  test('takes a recovery code too', async () => {
    const { username, password, recoveryCodes } = await somebody('planner')
    const page = await portal.open('stranger', '/')
    await logIn(page, username, password)
    await page.getByLabel('Code').fill(recoveryCodes[0] ?? '')
    await page.getByRole('button', { name: 'Log in' }).click()
    await heading(page, 'Overview').waitFor()
  })

  test('starts again when the page has expired', async () => {
    const { username, password } = await somebody('planner')
    const page = await portal.open('stranger', '/')
    await page.getByLabel('User name').waitFor()
    await later(24 * 60)
    await page.context().clearCookies()
    await logIn(page, username, password)
    const before = page.url()
    await page.getByRole('link', { name: 'Start again' }).click()
    await expect.poll(() => page.url()).not.toBe(before)
    await page.getByRole('button', { name: 'Log in' }).waitFor()
  })
})

describe('the first log-in with a password that somebody else chose', () => {
  test('leads through a password and a second factor of one’s own to the portal', { timeout: 60_000 }, async () => {
    const given = 'first day at the works'
    const { client: admin } = await somebody('administrator')
    const body = { fullName: 'New Person', roles: ['operator'], password: given }
    const made = await admin.ask(operations.changeAccount, { params: { username: 'new.person' }, body })
    expect(made.status).toBeLessThan(300)

    const page = await portal.open('stranger', '/alarms')
    await logIn(page, 'new.person', given)
    await heading(page, 'Choose your own password').waitFor()
    expect(await page.getByRole('navigation').count()).toBe(0)
    expect(await screenFaults(page)).toEqual([])
    await changePassword(page, given, 'password1234')
    await page
      .getByRole('alert')
      .getByText(/easy to guess/)
      .waitFor()
    await changePassword(page, given, 'nine brass owls ask politely')

    await heading(page, 'Set up a second factor').waitFor()
    await page.goto(`${portal.url}/connections`)
    await heading(page, 'Set up a second factor').waitFor()
    await page.getByLabel('Password').fill('not this one')
    await page.getByRole('button', { name: 'Next' }).click()
    await page
      .getByRole('alert')
      .getByText(/is wrong/)
      .waitFor()
    await page.getByLabel('Password').fill('nine brass owls ask politely')
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('img', { name: 'QR code for an authenticator app' }).waitFor()
    expect(await screenFaults(page)).toEqual([])
    const secret = (await page.getByRole('code').textContent()) ?? ''
    await page.getByLabel('Code', { exact: true }).fill(await nextCode(secret))
    await page.getByRole('button', { name: 'Confirm' }).click()

    await expect.poll(() => page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').count()).toBe(10)
    expect(await screenFaults(page)).toEqual([])
    const goOn = page.getByRole('button', { name: 'Continue' })
    expect(await goOn.isDisabled()).toBe(true)
    await page.getByLabel('I have saved them').check()
    await goOn.click()
    await heading(page, 'Connections').waitFor()
  })
})

async function changePassword(page: Page, current: string, next: string): Promise<void> {
  await page.getByLabel('Current password').fill(current)
  await page.getByLabel('New password', { exact: true }).fill(next)
  await page.getByLabel('New password again').fill(next)
  await page.getByRole('button', { name: 'Change password' }).click()
}

describe('one’s own account', () => {
  test('is reached from the menu, lists the sessions and ends another', { timeout: 60_000 }, async () => {
    const { client, username, password, secret } = await somebody('planner')
    const page = await portal.open('stranger', '/connections')
    await logIn(page, username, password)
    await page.getByLabel('Code').fill(await nextCode(secret))
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('button', { name: /account of/ }).click()
    await page.getByRole('menuitem', { name: 'Your account' }).click()
    await page.getByText(/Set up since Mon 2 Mar 2026|Set up since Tue 3 Mar 2026/).waitFor()
    await page.getByText('10 recovery codes left').waitFor()
    const rows = page.getByRole('region', { name: 'Sessions' }).getByRole('row')
    await expect.poll(() => rows.count()).toBe(3)
    await page.getByRole('row', { name: /Chrome on Linux.+this one/ }).waitFor()
    await page.getByRole('button', { name: /^End the session/ }).click()
    await expect.poll(() => rows.count()).toBe(2)
    expect((await client.ask(operations.readSession)).status).toBe(401)
  })

  test('takes a new password with a code, and another second factor, but not none where everybody needs one', {
    timeout: 60_000,
  }, async () => {
    const { client, password, secret } = await somebody('planner')
    const page = await portal.open(client, '/account')
    await page.getByLabel('Code').fill(await nextCode(secret))
    await page.getByLabel('Current password').fill(password)
    await page.getByLabel('New password', { exact: true }).fill('one thing and another')
    await page.getByLabel('New password again').fill('another and one thing')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('This is not the new password.').waitFor()
    await changePassword(page, password, 'nine brass owls ask politely')
    await page.getByText('The password is changed.').waitFor()
    await page.getByRole('button', { name: 'Set up another' }).waitFor()
    expect(await page.getByRole('button', { name: 'Remove' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Set up another' }).click()
    await page.getByLabel('Password', { exact: true }).fill('nine brass owls ask politely')
    await page.getByLabel('Current code').fill(await nextCode(secret))
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('img', { name: 'QR code for an authenticator app' }).waitFor()
  })

  test('is accessible by axe in light and dark, and fits into 400 px', { timeout: 60_000 }, async () => {
    const { client } = await somebody('planner')
    await expectGoodScreens(await portal.open(client, '/account'), [['/account', 'Your account', 'this one']])
  })
})

describe('an act that needs a recent authentication', () => {
  const stops = async (client: Client) => (await client.ask(operations.listStops)).body.items

  async function beforeTheStop(person: Person): Promise<Page> {
    const page = await portal.open(person.client, '/dispatch')
    await page.getByRole('button', { name: 'Emergency stop' }).click()
    await page.getByLabel('Reason').fill('Fault at City Road')
    await page.getByRole('button', { name: 'Next' }).click()
    await later(11)
    await page.getByRole('button', { name: 'Stop now' }).click()
    await page.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor()
    return page
  }

  test('asks for password and code after eleven minutes, and then goes through', { timeout: 60_000 }, async () => {
    const { client: planner } = await somebody('planner')
    const person = await somebody('operator')
    const page = await beforeTheStop(person)
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
    expect(await screenFaults(page)).toEqual([])
    await dialog.getByLabel('Password').fill('not this one')
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await dialog.getByText(/is wrong/).waitFor()
    await dialog.getByLabel('Password').fill(person.password)
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await dialog.getByLabel('Code').fill(await nextCode(person.secret))
    expect(await stops(planner)).toEqual([])
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('Dispatch to all FSPs is stopped').waitFor()
    expect(await stops(planner)).toMatchObject([{ reason: 'Fault at City Road' }])
  })

  test('leaves the form as it was when it is cancelled', { timeout: 60_000 }, async () => {
    const page = await beforeTheStop(await somebody('operator'))
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
    await dialog.getByLabel('Password').press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await page
      .getByRole('alert')
      .getByText(/needs an authentication within the last 10 minutes/)
      .waitFor()
    await page.getByRole('button', { name: 'Back' }).click()
    expect(await page.getByLabel('Reason').inputValue()).toBe('Fault at City Road')
  })
})

describe('accounts of other people', () => {
  const panelOf = ({ username }: Person, administrator: Client) =>
    portal.open(administrator, `/accounts?account=${username}`)

  test('are disabled and enabled, and their sessions ended', { timeout: 60_000 }, async () => {
    const [planner, { client: admin }] = [await somebody('planner'), await somebody('administrator')]
    const page = await panelOf(planner, admin)
    const isIn = async () => (await planner.client.ask(operations.readSession)).status === 200
    expect(await isIn()).toBe(true)
    for (const label of ['End sessions', 'Disable', 'Enable']) {
      await page.getByRole('button', { name: label }).click()
      await page.getByRole('dialog').getByRole('button', { name: label }).click()
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
      expect(await isIn()).toBe(false)
    }
    await page.getByRole('button', { name: 'Disable' }).waitFor()
    await expectGoodScreens(page, [[`/accounts?account=${planner.username}`, 'Accounts', 'Lost second factor']])
  })

  test('lose a second factor with a proof of identity, after one of the administrator’s own', {
    timeout: 60_000,
  }, async () => {
    const [planner, admin] = [await somebody('planner'), await somebody('administrator')]
    const page = await panelOf(planner, admin.client)
    const remove = page.getByRole('button', { name: 'Remove second factor' })
    await remove.waitFor()
    expect(await remove.isDisabled()).toBe(true)
    await page.getByLabel('How the person proved their identity').fill('came to the desk with the staff card')
    await later(11)
    await remove.click()
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
    await dialog.getByLabel('Password').fill(admin.password)
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await dialog.getByLabel('Code').fill(await nextCode(admin.secret))
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await remove.waitFor({ state: 'hidden' })
    expect((await planner.client.ask(operations.readSession)).status).toBe(401)
  })

  test('are for administrators', async () => {
    const { client } = await somebody('planner')
    const page = await portal.open(client, '/accounts')
    await page.getByText('This needs the role administrator.').waitFor()
    expect(await page.getByRole('link', { name: 'Accounts' }).count()).toBe(0)
  })
})

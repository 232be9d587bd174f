import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ApiClient } from '../../../../schemas/access/clients.ts'
import { publicJwk } from '../../../../schemas/access/keys.ts'
import { operations } from '../../../../schemas/operations.ts'
import { saveTestNetwork } from '../../../../server/grid/test/support/site.ts'
import type { Client } from '../../../../test/support/client.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../test/support/portal.ts'

let portal: Portal
let admin: Client

beforeAll(async () => {
  portal = await startPortal('2026-03-02T08:00:00Z')
  admin = await portal.person('ada', 'administrator')
}, 180_000)

const clientNamed = async (clientId: string): Promise<ApiClient | undefined> =>
  (await admin.ask(operations.listClients, {})).body.items.find((one: ApiClient) => one.clientId === clientId)

const grace = { params: { username: 'grace' }, body: { fullName: 'Grace Okoro', roles: ['operator' as const] } }

describe('the audit trail', () => {
  test('is searched by person, and an entry shows what was there before and after', { timeout: 60_000 }, async () => {
    await portal.person('grace', 'operator')
    await admin.ask(operations.changeAccount, { ...grace, body: { ...grace.body, roles: ['operator', 'planner'] } })
    const page = await portal.open(admin, '/')
    await page.getByRole('link', { name: 'Administration' }).click()
    await page.getByRole('link', { name: 'Audit trail' }).click()
    await page.getByLabel('Who').fill('ada')
    await page.getByLabel('Did').selectOption('Accounts and sessions')
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await page.getByRole('row', { name: /ada account\.changed account Grace Okoro/ }).click()
    await page.getByText('operator → planner').or(page.getByText('none → planner')).waitFor()
    expect(page.url()).toMatch(/who=ada.*action=account.*entry=\d+/)
    await page.getByLabel('Who').fill('nobody at all')
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await page.getByText('No entry fits this search.').waitFor()
  })

  test('names what was changed, and leads to its screen', { timeout: 60_000 }, async () => {
    await saveTestNetwork(portal.db)
    await portal.db.execute(sql`
      insert into audit_entry (at, actor_kind, actor_id, actor, action, subject_type, subject_id, detail)
      values ('2026-03-01T13:00:00Z', 'system', 'survey', 'survey', 'node.surveyed', 'node', 'pri', '{}'),
        ('2026-03-01T13:01:00Z', 'system', 'survey', 'survey', 'node.surveyed', 'node', 'gone', '{}')`)
    const page = await portal.open(admin, '/audit?who=survey')
    await page.getByRole('row', { name: /survey node\.surveyed node gone/ }).waitFor()
    await page.getByRole('row', { name: /survey node\.surveyed node Islington/ }).click()
    await page.getByRole('link', { name: 'node Islington' }).click()
    await page.getByRole('heading', { name: 'Islington' }).first().waitFor()
    expect(new URL(page.url()).pathname).toBe('/network/pri')
  })

  test('refuses days in the wrong order at the field', { timeout: 60_000 }, async () => {
    const page = await portal.open(admin, '/audit?from=2026-03-02')
    await page.getByLabel('To, included').fill('2026-03-01')
    await page.getByRole('alert').getByText('The last day must not be before the first.').waitFor()
    await page.getByLabel('To, included').fill('2026-03-02')
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await page
      .getByRole('row', { name: /log-in\.succeeded|account\./ })
      .first()
      .waitFor()
  })

  test('is checked by a click, says who checked it up to where, and is downloaded', { timeout: 60_000 }, async () => {
    const page = await portal.open(admin, '/audit')
    await page.getByText('The chain has never been checked from here').waitFor()
    await page.getByRole('button', { name: 'Check the chain now' }).click()
    await page.getByText(/Unaltered up to entry \d+, checked 2 Mar 08:\d\d by ada/).waitFor()
    await page
      .getByText(/^1 entry since then/)
      .or(page.getByText(/1 entry since then/))
      .first()
      .waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download 31 days as CSV' }).click()
    expect((await download).suggestedFilename()).toBe('audit-2026-01-31.csv')
  })

  test('shows more than a page on request', { timeout: 60_000 }, async () => {
    await portal.db.execute(sql`
      insert into audit_entry (at, actor_kind, actor_id, actor, action, subject_type, subject_id, detail)
      select '2026-03-01T12:00:00Z', 'system', 'test', 'test', 'test.done', 'test', n::text, '{}'
      from generate_series(1, 120) n`)
    const page = await portal.open(admin, '/audit?who=test')
    const rows = page.getByRole('region', { name: 'Entries' }).getByRole('row')
    await expect.poll(() => rows.count()).toBe(101)
    await page.getByRole('button', { name: 'Show older entries' }).click()
    await expect.poll(() => rows.count()).toBe(121)
    expect(await page.getByRole('button', { name: 'Show older entries' }).count()).toBe(0)
  })

  test('names the entry at which it was altered behind the server', { timeout: 60_000 }, async () => {
    await portal.db.transaction(async (tx) => {
      await tx.execute(sql`set local session_replication_role = replica`)
      await tx.execute(
        sql`update audit_entry set actor = 'somebody' where entry_id = (select entry_id from audit_link where position = 2)`,
      )
    })
    const page = await portal.open(admin, '/audit')
    await page.getByRole('button', { name: 'Check the chain now' }).click()
    await page.getByText(/The chain is broken at entry 2: checked 2 Mar 08:\d\d by ada/).waitFor()
    await page.getByText('Open the last entry that holds').click()
    await page.getByRole('heading', { name: 'Entry 1', exact: true }).waitFor()
  })
})

describe('clients of the API', () => {
  test('are created with a secret that is shown once, rotated, and blocked', { timeout: 60_000 }, async () => {
    const page = await portal.open(admin, '/clients')
    await page.getByText('No program calls the API yet.').waitFor()
    await page.getByRole('button', { name: 'Create a client' }).click()
    const dialog = page.getByRole('dialog', { name: 'Create a client' })
    await dialog.getByLabel('Proves itself with').selectOption('client_secret_basic')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByText('Enter the identifier that the program will use.').waitFor()
    await dialog.getByLabel('Identifier').fill('gateway-north')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByText('The secret is shown only this once').waitFor()
    const secret = (await dialog.locator('code').textContent()) ?? ''
    await portal.tokenClient('gateway-north', secret, 'gateway')
    await dialog.getByRole('button', { name: 'I have passed it on' }).click()

    await page.getByRole('button', { name: 'Make a secret' }).click()
    await page.getByText('The secret is shown only this once').waitFor()
    await expect.poll(async () => (await clientNamed('gateway-north'))?.credentials.length).toBe(2)
    const ends = (await clientNamed('gateway-north'))?.credentials.map(({ expiresAt }) => expiresAt?.slice(0, 10))
    expect(ends?.toSorted()).toEqual(['2026-03-09', '2027-03-02'])

    await page.getByRole('button', { name: 'Block' }).click()
    await page.getByText('Nothing that it measures arrives until it is admitted again').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click()
    await page.getByRole('button', { name: 'Admit again' }).waitFor()
    expect(await clientNamed('gateway-north')).toMatchObject({ active: false })
  })

  test('get a key instead of a secret; a private key is refused at the field', { timeout: 60_000 }, async () => {
    const made = { clientId: 'gateway-south', authentication: { method: 'client_secret_basic' as const } }
    await admin.ask(operations.makeClient, { body: made })
    const page = await portal.open(admin, '/clients?client=gateway-south')
    const key = publicJwk.meta()?.['example'] as object
    await page.getByLabel('Kind').selectOption('a public key')
    await page.getByLabel('Public key (JWK)').fill(JSON.stringify({ ...key, d: 'c2VjcmV0' }))
    await page.getByRole('button', { name: 'Add the key' }).click()
    await page.getByText('“d” belongs to the private key').waitFor()
    await page.getByLabel('Public key (JWK)').fill(JSON.stringify(key))
    await page.getByRole('button', { name: 'Add the key' }).click()
    await page.getByText('The key is added: the client may use it at once.').waitFor()
    await page.getByRole('button', { name: 'End key 2026-11' }).click()
    await page.getByText('1 other stays valid').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'End key 2026-11' }).click()
    await expect.poll(() => page.getByRole('button', { name: 'End key 2026-11' }).count()).toBe(0)
    expect((await clientNamed('gateway-south'))?.credentials).toMatchObject([{ kind: 'secret' }])
  })

  test('come first in the list when they soon cannot authenticate', { timeout: 60_000 }, async () => {
    const made = { clientId: 'a-gateway', authentication: { method: 'client_secret_basic' as const } }
    await admin.ask(operations.makeClient, { body: made })
    const params = { clientId: 'gateway-south' }
    const body = { expiresAt: '2026-03-12T08:00:00Z', othersEndAt: '2026-03-02T09:00:00Z' }
    expect((await admin.ask(operations.addClientSecret, { params, body })).status).toBe(200)
    const page = await portal.open(admin, '/clients')
    await page.getByText('1 client needs another key or secret, of 3 clients').waitFor()
    const first = page.getByRole('region', { name: 'API clients' }).getByRole('row').nth(1)
    expect(await first.textContent()).toMatch(/gateway-south.*Ends in (9|10)\sd/)
  })
})

describe('accounts', () => {
  test('are added with roles, and their faults are told at the fields', { timeout: 60_000 }, async () => {
    const page = await portal.open(admin, '/accounts')
    await page.getByRole('button', { name: 'Add an account' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add an account' })
    await dialog.getByLabel('Full name').fill('Noor Khan')
    await dialog.getByLabel('User name').fill('ada')
    await dialog.getByLabel('First password').fill('eleven tall herons')
    await dialog.getByRole('button', { name: 'Add the account' }).click()
    await dialog.getByText('is the user name of another account').waitFor()
    await dialog.getByText('Choose at least one.').waitFor()
    await dialog.getByLabel('User name').fill('noor')
    await dialog.getByLabel('settlement').check()
    await dialog.getByRole('button', { name: 'Add the account' }).click()
    await page.getByRole('heading', { name: 'Noor Khan', level: 2 }).waitFor()
    await page.getByText('Nowhere.').waitFor()
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await page.getByRole('dialog').getByLabel('operator', { exact: true }).check()
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByText('operator, settlement').or(page.getByText('settlement, operator')).first().waitFor()
  })

  test('list where they are logged in, and one session is ended alone', { timeout: 60_000 }, async () => {
    const [first, second] = [await portal.person('olga', 'operator'), await portal.person('olga', 'operator')]
    const page = await portal.open(admin, '/accounts?account=olga')
    const sessions = page.getByRole('list', { name: 'Open sessions' }).getByRole('listitem')
    await expect.poll(() => sessions.count()).toBe(2)
    await sessions.first().getByRole('button').click()
    await page.getByRole('dialog').getByText('olga is logged out of').waitFor()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^End the session/ })
      .click()
    await expect.poll(() => sessions.count()).toBe(1)
    const left = [first, second].map(async (one) => (await one.ask(operations.readSession)).status)
    expect((await Promise.all(left)).toSorted()).toEqual([200, 401])
  })
})

test('administration is accessible by axe in light and dark, and fits into 400 px', { timeout: 60_000 }, async () => {
  await expectGoodScreens(await portal.open(admin, '/audit'), [
    ['/audit?entry=1', 'Audit trail', 'Hash in the chain'],
    ['/clients?client=gateway-north', 'API clients', 'Another key or secret'],
    ['/accounts?account=olga', 'Accounts', 'Where it is logged in'],
  ])
})

test('other people are told that administration is not theirs', { timeout: 60_000 }, async () => {
  const planner = await portal.person('pat', 'planner')
  for (const path of ['/audit', '/clients', '/accounts']) {
    const page = await portal.open(planner, path)
    await page.getByText('This needs the role administrator.').waitFor()
    expect(await page.getByRole('link', { name: 'Administration' }).count()).toBe(0)
  }
})

import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import { saveConnection } from '../../server/grid/index.ts'
import { saveTestNetwork, saveTestSite, type TestSite } from '../../server/grid/test/support/site.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../web/test/support/portal.ts'
import type { Client } from '../support/client.ts'

let portal: Portal
let [planner, colleague]: Client[] = []
let site: TestSite
/** A connection without a hub of the DNO’s. */
const customers = randomUUID()

beforeAll(async () => {
  portal = await startPortal()
  await saveTestNetwork(portal.db)
  site = await saveTestSite(portal.db, portal.clock.now(), { name: 'Islington' })
  planner = await portal.person('priya', 'planner')
  colleague = await portal.person('noor', 'planner', 'operator')
}, 180_000)

const versions = async () =>
  (await (planner as Client).ask(operations.listProfiles, { query: { connectionId: site.connectionId } })).body

describe('the profile editor', () => {
  test('NM02 applies with a season, a single day and a day typed half-hour by half-hour', async () => {
    const page = await portal.open(planner as Client, `/connections/${site.connectionId}/apply`)
    await page.getByLabel('First day').fill('2026-02-01')
    await page.getByLabel('Last day').fill('2026-12-31')
    await page.getByRole('button', { name: 'Add a season' }).click()
    await page.getByLabel('Name of the season').fill('Christmas post')
    await page.getByLabel('From: month').selectOption('December')
    await page.getByLabel('To, included: month').selectOption('January')
    await page.getByRole('group', { name: 'Weekdays' }).getByRole('button', { name: 'Show by half-hour' }).click()
    await page.getByLabel('Weekdays, half-hour from 17:30: limit, kW').fill('90')
    await page.getByRole('button', { name: 'Add a single day' }).click()
    await page.getByRole('button', { name: 'Apply', exact: true }).click()
    await page.getByText('Choose a day.').waitFor()
    await page.getByLabel('Single day').fill('2026-12-25')
    await page.getByLabel('On this day, step 1: limit, kW').fill('60')
    await page.getByRole('img', { name: /^48 half-hours, between 60\.0.kW and 170\.0.kW/ }).waitFor()
    await page.getByRole('button', { name: '25 Oct 2026' }).click()
    await page.getByText('50 half-hours', { exact: false }).first().waitFor()
    await page.getByRole('button', { name: 'Apply', exact: true }).click()
    await page.getByRole('heading', { name: 'Islington, version 2', exact: true }).waitFor()
    const [made] = await versions()
    expect(made.limits.seasons).toMatchObject([
      {
        name: 'Christmas post',
        from: '12-01',
        to: '01-31',
        weekday: [
          { from: '00:00', limitW: 170_000 },
          { from: '16:00', limitW: 100_000 },
          { from: '17:30', limitW: 90_000 },
          { from: '18:00', limitW: 100_000 },
          { from: '20:00', limitW: 170_000 },
        ],
      },
    ])
    expect(made.limits.exceptions).toMatchObject([
      { day: '2026-12-25', steps: [{ from: '00:00', limitW: 60_000 }, {}, {}] },
    ])
  })

  test('FM15 two editors at once: the second sees the first one’s change, and chooses whose is to stand', async () => {
    const [version] = await versions()
    const page = await portal.open(planner as Client, `/applications/${version.profileId}/edit`)
    await page.getByLabel('Note').fill('Mine')
    const { profileId, revision, validFrom, fallbackLimitW, limits } = version
    const theirs = { validFrom, validTo: '2026-11-30', fallbackLimitW, limits: { ...limits, exceptions: [] }, note: '' }
    const match = { 'if-match': `"${revision}"` }
    expect(
      (await (colleague as Client).ask(operations.amendProfile, { params: { id: profileId }, body: theirs }, match))
        .status,
    ).toBe(200)
    await page.getByRole('button', { name: /^Save as revision/ }).click()
    await page.getByText('noor changed this application while you were editing it').waitFor()
    const changes = page.getByRole('region', { name: 'Both changes' })
    expect(await changes.getByRole('row', { name: /^Last day/ }).textContent()).toContain('Mon 30 Nov 2026')
    expect(await changes.getByRole('row', { name: /^Note/ }).textContent()).toMatch(/nonenoneMine$/)
    expect(await changes.getByRole('row', { name: /^Fri 25 Dec 2026/ }).textContent()).toContain('not present')
    await page.getByRole('button', { name: 'Save mine over theirs' }).click()
    await page.getByRole('heading', { name: 'Islington, version 2', exact: true }).waitFor()
    expect((await versions())[0]).toMatchObject({ note: 'Mine', revision: revision + 2, limits: { exceptions: [{}] } })
  })
})

describe('a customer’s monitor', () => {
  test('NM07 is registered, sends with the credentials that the page shows once, and its values appear', async () => {
    const connectionId = customers
    await saveConnection(portal.db, {
      connectionId,
      name: 'Mount Pleasant',
      customer: 'Royal Mail',
      address: '',
      licenceArea: 'LPN',
      nodeId: 'sec',
      ascKva: 240,
      powerFactor: 0.95,
      mpans: [],
    })
    const page = await portal.open(planner as Client, `/connections/${connectionId}`)
    await page.getByRole('link', { name: 'Customer’s monitor' }).click()
    await page.getByLabel('Feeders').fill('0')
    await page.getByRole('button', { name: 'Register the monitor' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Feeders').fill('1')
    await page.getByRole('button', { name: 'Register the monitor' }).click()
    await page.getByRole('heading', { name: 'Credentials' }).waitFor()
    // As the customer would: by the two calls that the page shows.
    const [fetchToken, send] = await page.locator('pre').allTextContents()
    const [, user, url] = /-u '([^']+)'[\s\S]+?(http\S+\/token)$/.exec(fetchToken ?? '') ?? []
    const answer = await fetch(url ?? '', {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(user ?? '').toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: [...(fetchToken ?? '').matchAll(/-d (\S+)/g)].map(([, pair]) => pair).join('&'),
    })
    const { access_token: token } = (await answer.json()) as { access_token: string }
    const [, body = ''] = /-d '([^']+)'/.exec(send ?? '') ?? []
    const now = portal.clock.now().toString()
    const sent = await portal
      .client({ authorization: `Bearer ${token}` })
      .ask(operations.storeMeasurements, { body: JSON.parse(body.replace(/"2026-[^"]+Z"/, `"${now}"`)) })
    expect(sent).toMatchObject({ status: 200, body: { hubs: [{ storedReadings: 1 }] } })
    const readings = page.getByRole('region', { name: 'Latest readings' })
    await expect.poll(() => readings.textContent(), { timeout: 15_000 }).toMatch(/1L1Active power12\.5/)
    await page.reload()
    await page.getByText('The secret was shown when the monitor was registered.', { exact: false }).waitFor()
    expect(await page.getByRole('heading', { name: 'Credentials' }).count()).toBe(0)
  })
})

describe('the installation of a hub', () => {
  test('A19 is recorded with its sensors, gets a document, and keeps what was recorded before', async () => {
    const page = await portal.open(planner as Client, `/hubs?hub=${site.hubId}`)
    await page.getByRole('link', { name: 'Sensors, battery and documents' }).click()
    await page.getByRole('button', { name: 'Write the record' }).click()
    await page.getByLabel('Place', { exact: true }).fill('LV room')
    await page.getByLabel('Battery', { exact: true }).selectOption('24 V')
    await page.getByLabel('Battery installed on').fill('2021-03-02')
    await page.getByRole('button', { name: 'Add a sensor' }).click()
    await page.getByLabel('Sensor 1: rated primary current, A').fill('1000')
    await page.getByLabel('Sensor 1: secondary, mV').fill('100')
    await page.getByRole('button', { name: 'Add a sensor' }).click()
    await page.getByRole('button', { name: 'Save the record' }).click()
    await page.getByRole('row', { name: /L2.*Rogowski coil.*1,000 A : 100 mV/ }).waitFor()
    await page.getByLabel('Title').fill('Statement')
    const buffer = Buffer.from('%PDF-1.7 as a test')
    await page.getByLabel('File').setInputFiles({ name: 'ms.pdf', mimeType: 'application/pdf', buffer })
    await page.getByRole('button', { name: 'Add the document' }).click()
    await page.getByRole('button', { name: 'Download ms.pdf' }).waitFor()
    await page.getByRole('button', { name: 'Change the record' }).click()
    await page.getByLabel('Battery replaced on').fill('2025-06-01')
    await page.getByRole('button', { name: 'Save the record' }).click()
    await page.getByRole('heading', { name: 'Versions' }).waitFor()
    const { body } = await (planner as Client).ask(operations.readInstallation, { params: { id: site.hubId } })
    expect(body).toMatchObject({
      savedBy: 'priya',
      record: { battery: '24-v', batteryReplacedOn: '2025-06-01', sensors: [{ phase: 'L1' }, { phase: 'L2' }] },
      documents: [{ file: { name: 'ms.pdf', bytes: buffer.length } }],
    })
  })
})

test('the screens of a connection are accessible by axe in light and dark, and fit into 400 px', async () => {
  const page = await portal.open(planner as Client, '/')
  await expectGoodScreens(page, [
    [`/connections/${site.connectionId}`, 'Islington', 'Apply for a new profile'],
    [`/connections/${site.connectionId}/apply`, 'New profile for Islington', 'Add a season'],
    [`/hubs/${site.hubId}/installation`, 'Installation of', 'Documents'],
    [`/connections/${customers}/monitor`, 'Customer’s monitor at Mount Pleasant', 'How the monitor sends'],
  ])
})

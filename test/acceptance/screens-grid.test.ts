import { beforeAll, describe, expect, test } from 'vitest'
import { saveTestNetwork, saveTestSite, type TestSite } from '../../server/grid/testing/site.ts'
import type { Client } from '../support/client.ts'
import { type Portal, startPortal } from '../support/portal.ts'

let portal: Portal
let [planner, colleague]: Client[] = []
let site: TestSite

beforeAll(async () => {
  portal = await startPortal()
  await saveTestNetwork(portal.db)
  site = await saveTestSite(portal.db, portal.clock.now(), { name: 'Islington' })
  planner = await portal.person('priya', 'planner')
  colleague = await portal.person('noor', 'planner', 'operator')
}, 180_000)

const versions = async () => (await (planner as Client).get(`/profiles?connectionId=${site.connectionId}`)).body

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
    await page.getByRole('heading', { name: 'Islington, version 2' }).waitFor()
    const [made] = await versions()
    expect(made.limits.seasons).toMatchObject([
      {
        ...{ name: 'Christmas post', from: '12-01', to: '01-31' },
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
    expect((await (colleague as Client).put(`/profiles/${profileId}`, theirs, match)).status).toBe(200)
    await page.getByRole('button', { name: /^Save as revision/ }).click()
    await page.getByText('noor changed this application while you were editing it').waitFor()
    const changes = page.getByRole('region', { name: 'Both changes' })
    expect(await changes.getByRole('row', { name: /^Last day/ }).textContent()).toContain('Mon 30 Nov 2026')
    expect(await changes.getByRole('row', { name: /^Note/ }).textContent()).toMatch(/nonenoneMine$/)
    expect(await changes.getByRole('row', { name: /^Fri 25 Dec 2026/ }).textContent()).toContain('not there')
    await page.getByRole('button', { name: 'Save mine over theirs' }).click()
    await page.getByRole('heading', { name: 'Islington, version 2' }).waitFor()
    expect((await versions())[0]).toMatchObject({ note: 'Mine', revision: revision + 2, limits: { exceptions: [{}] } })
  })
})

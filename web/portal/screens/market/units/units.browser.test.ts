import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../../../schemas/operations.ts'
import type { Client } from '../../../../../test/support/client.ts'
import { type DepotsScene, ok, startDepots } from '../../../../test/support/depots.ts'
import { type DepotFsp, registerDepotFsp } from '../../../../test/support/fsps.ts'
import { expectGoodScreens } from '../../../../test/support/portal.ts'

let scene: DepotsScene
let fsp: DepotFsp
/** A person of the FSP, and one of the DNO. */
let [hannah, planner] = [null, null] as unknown as [Client, Client]
let nodeId = ''

const homes = ['1500000000011', '1500000000022', '1500000000033']
const file = (heading: string, rows: string[]) => ({
  name: 'homes.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(`${[heading, ...rows].join('\n')}\n`),
})

beforeAll(async () => {
  scene = await startDepots('2026-01-15T09:00:00Z')
  fsp = await registerDepotFsp(scene, 'Home Charging Ltd', {})
  planner = await scene.account({ username: 'petra', fullName: 'Petra', roles: ['planner'] })
  hannah = await scene.account({ username: 'hannah', fullName: 'Hannah', roles: ['fsp-user'], fspId: fsp.fspId })
  nodeId = scene.depot('Islington').nodeId
}, 180_000)

describe('homes in thousands', () => {
  test('a planner imports their connections from a file, a flaw is told with its line', async () => {
    const page = await scene.open(planner, '/connections')
    await page.getByRole('link', { name: 'Import connections' }).click()
    const heading = 'mpans,nodeId,name,customer,address,ascKva'
    const row = (mpan: string, node = nodeId) => `${mpan},${node},Home ${mpan.slice(-2)},Household,Almeida Street,23`
    await page.getByLabel('File of connections').setInputFiles(file(heading, [row('1500000000011', 'nowhere')]))
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByText('is not a node of the network: nowhere').waitFor()
    await page.getByLabel('File of connections').setInputFiles(
      file(
        heading,
        homes.map((mpan) => row(mpan)),
      ),
    )
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByRole('button', { name: 'Import: 3 new connections, 0 changed' }).click()
    await page.getByText('3 rows imported').waitFor()
  })

  test('the FSP’s person applies for their MPANs in a file, and the DNO approves all at once', async () => {
    const page = await scene.open(hannah, '/market/authorities')
    await page.getByRole('link', { name: 'Apply by file' }).click()
    const rows = homes.map((mpan) => `${mpan},2026-01-01,customer-letter,Sign-up ${mpan.slice(-2)}`)
    await page.getByLabel('File of MPANs').setInputFiles(file('mpan,from,givenBy,reference', rows))
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByRole('button', { name: 'Import: 3 new MPANs, 0 changed' }).click()
    await page.getByText('3 rows imported').waitFor()
    const desk = await scene.open(planner, '/market/authorities?state=applied')
    await desk.getByRole('row', { name: /1500000000022/ }).click()
    await desk.getByRole('button', { name: 'Approve all 3 MPANs' }).click()
    await desk.getByRole('dialog').getByRole('button', { name: 'Approve all 3 MPANs' }).click()
    await expect
      .poll(async () => (await hannah.ask(operations.listAuthorities, { query: { state: 'approved' } })).body.items)
      .toHaveLength(3)
  })

  test('the FSP’s person uploads their DERs, and the FU lists its members with their days', async () => {
    const unit = { name: 'Homes of Almeida Street', nodeId, maxTurnDownW: 20_000 }
    const { fuId } = await ok(fsp.client.ask(operations.registerFlexibleUnit, { body: unit }))
    const page = await scene.open(hannah, '/market/units')
    await page.getByRole('link', { name: 'Import DERs' }).click()
    const heading = 'name,kind,mpan,ratedW,consentReference,consentFrom,fuId'
    const row = (mpan: string) => `Charger,ev-charging,${mpan},7000,Sign-up ${mpan.slice(-2)},2026-01-02,${fuId}`
    await page.getByLabel('File of DERs').setInputFiles(file(heading, [row('1599999999999')]))
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByText(/is not an MPAN that you have authority over/).waitFor()
    await page.getByLabel('File of DERs').setInputFiles(file(heading, homes.map(row)))
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByRole('button', { name: 'Import: 3 new DERs, 0 changed' }).click()
    await page.getByText('3 rows imported').waitFor()
    const { items } = await ok(fsp.client.ask(operations.listMembers, { params: { id: fuId } }))
    const leave = { params: { id: items[0].derId }, body: { fuId: null, from: '2026-02-01' } }
    await ok(fsp.client.ask(operations.moveDer, leave))
    await page.getByRole('link', { name: 'All FUs' }).click()
    await page.getByRole('row', { name: /Homes of Almeida Street/ }).click()
    await page.getByText('DERs, 3 today').waitFor()
    await page.getByRole('row', { name: new RegExp(`${items[0].mpan}.*1 Feb`) }).waitFor()
    await expectGoodScreens(page, [
      ['/market/import-ders', 'Import DERs', 'Columns: name, kind'],
      ['/market/import-mpans', 'Apply for MPANs by file', 'Columns: mpan, from'],
      [`/market/units?fu=${fuId}`, 'Market', 'DERs, 3 today'],
    ])
    expect(homes).toContain(items[0].mpan)
  }, 120_000)
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { expect, onTestFinished, test } from 'vitest'
import { firstVans, startHomesFsp } from '../../fsp/index.ts'
import type { Change } from '../../fsp/registers/index.ts'
import { admin, logIn } from '../../fsp/test/support/rig.ts'
import { unitOf } from '../../fsp/test/support/vans.ts'
import { createLog } from '../../platform/log/index.ts'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import { operations } from '../../schemas/operations.ts'
import { readDepots } from '../../seeds/index.ts'
import { saveTestSite } from '../../server/grid/test/support/site.ts'
import { createClient } from '../support/client.ts'
import { createTestDatabase } from '../support/database.ts'
import { startDispatchRig } from '../support/dispatch.ts'
import { agreed } from '../support/second-person.ts'

const start = Instant.parse('2026-01-15T09:00:00Z')

/** The whole server, and an FSP of homes that has applied to it with a unit of two homes behind the node `sec`. */
async function startHomes() {
  const rig = await startDispatchRig(start)
  const { mpans } = await saveTestSite(rig.db, start, { name: 'Homes', mpans: 3 })
  const homes = mpans.map((mpan) => ({ mpan, connectionId: crypto.randomUUID() }))
  const { models, evTypes } = await readDepots()
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-join-'))
  const all = firstVans([unitOf(3, { nodeId: 'sec', homes })], { models, evTypes })
  const more = (all.more ?? []) as Change<'homes'>[]
  const last = more.find(({ key }) => key === 'H-vans-03')
  if (!last?.data) throw new Error('there is no third home')
  const third = last.data
  const fsp = await startHomesFsp({
    databaseUrl: (await createTestDatabase('fsp')).url,
    environment: 'live',
    host: '127.0.0.1',
    port: 0,
    dnoUrl: rig.server.portUrl,
    estates: [],
    seed: 7,
    secretKeyFile: join(folder, 'key'),
    clock: rig.clock,
    log: createLog('homes', 'silent'),
    vans: {
      // The third home has no charge point yet, so that it is in no unit.
      first: {
        ...all,
        more: more.map((each) => (each === last ? { ...each, data: { ...third, chargePoint: null } } : each)),
      },
      ocppPort: 0,
      firstPassword: admin.password,
    },
  })
  onTestFinished(async () => {
    await fsp.close()
    await rm(folder, { recursive: true })
  })
  const own = createClient(fsp.url, { authorization: `Bearer ${await logIn(fsp.url)}` })
  return { rig, mpans, own, third }
}

test('L13 a home that comes after its unit joins its FU from tomorrow once the DNO has agreed, and one that leaves its unit leaves the FU', async () => {
  const { rig, mpans, own, third } = await startHomes()
  const { engineer, clock } = rig
  const minutes = (n: number) => clock.advanceTo(clock.now().plusSeconds(60 * n))
  const approveAll = async () => {
    const { body } = await engineer.ask(operations.listAuthorities, { query: { state: 'applied' } })
    for (const { authorityId } of body.items)
      await engineer.ask(operations.decideOnAuthority, { params: { id: authorityId }, body: { decision: 'approve' } })
    return body.items.map(({ mpan }: { mpan: string }) => mpan)
  }
  await minutes(1)
  const application = (await engineer.ask(operations.listFsps)).body.items.find(
    ({ status }: { status: string }) => status === 'applied',
  )
  const accept = { params: { id: application.fspId }, body: { decision: 'accept' } }
  await agreed(
    await rig.server.person('paula', 'flexibility-engineer'),
    engineer.ask(operations.decideOnApplication, accept),
  )
  await minutes(2)
  expect((await approveAll()).sort()).toEqual(mpans.slice(0, 2))
  await minutes(2)
  const units = (await engineer.ask(operations.listFlexibleUnits)).body.items
  const { fuId } = units.find(({ name }: { name: string }) => name === 'Vans')
  const members = async () => {
    const { body } = await engineer.ask(operations.listMembers, { params: { id: fuId } })
    return body.items
      .map(({ mpan, from, until }: { mpan: string; from: string; until: string | null }) => [mpan, from, until])
      .sort()
  }
  const first = mpans.slice(0, 2).map((mpan) => [mpan, '2026-01-15', null])
  expect(await members()).toEqual(first)

  const { homes } = registerGroups
  const put = await own.ask(homes.put, { params: { key: 'H-vans-03' }, body: { data: third }, version: 1 })
  expect(put.status).toBe(200)
  await minutes(2)
  expect(await approveAll()).toEqual(mpans.slice(2))
  expect(await members()).toEqual(first)
  await minutes(2)
  expect(await members()).toEqual([...first, [mpans[2], '2026-01-16', null]])

  const old = await own.ask(homes.read, { params: { key: 'H-vans-01' } })
  const changed = { params: { key: 'H-vans-01' }, body: { data: { ...old.body.data, chargePoint: null } }, version: 1 }
  expect((await own.ask(homes.put, changed)).status).toBe(200)
  await minutes(2)
  expect((await members())[0]).toEqual([mpans[0], '2026-01-15', '2026-01-16'])
  // Nothing is left to do: the DNO is not asked again.
  const audited = async () =>
    (await rig.db.$client`select count(*)::int as n from audit_entry where action = 'der.moved'`)[0]?.['n']
  expect(await audited()).toBe(2)
  await minutes(5)
  expect(await audited()).toBe(2)
})

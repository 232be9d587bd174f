import { Instant, LocalDate } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { dayStart } from '../../../schemas/vocabulary/time.ts'
import { type DispatchRig, startDispatchRig } from '../../../test/support/dispatch.ts'
import { firstConflict } from '../stacking/index.ts'
import { beginRefusal, endRefusal } from './rules.ts'

const at = (text: string) => Instant.parse(`2026-01-15T${text}:00Z`)
const span = (from: string, to: string) => ({ fromAt: at(from), toAt: at(to) })

describe('rules', () => {
  /** Contracted from 17:00 to 18:00. */
  const contracted = (day: LocalDate) =>
    day.equals(LocalDate.parse('2026-01-15')) ? [68, 69, 70, 71].map((q) => dayStart(day).plusSeconds(q * 900)) : []

  test('a service meets a contract in the first quarter-hour that both cover, and not where it ends as the window begins', () => {
    expect(String(firstConflict(span('16:00', '17:20'), contracted))).toBe('2026-01-15T17:00:00Z')
    expect(String(firstConflict(span('17:40', '17:41'), contracted))).toBe('2026-01-15T17:30:00Z')
    expect(firstConflict(span('16:00', '17:00'), contracted)).toBeNull()
    expect(firstConflict(span('18:00', '19:00'), contracted)).toBeNull()
  })

  test('an FSP begins and ends a service from now on, the DNO at any time before its end', () => {
    expect(beginRefusal(span('16:00', '17:00'), 'times[0].from', at('16:01'))?.kind).toBe('contract-broken')
    expect(beginRefusal(span('16:00', '17:00'), 'times[0].from', at('16:00'))).toBeNull()
    expect(beginRefusal(span('16:00', '17:00'), 'times[0].from', null)).toBeNull()
    expect(endRefusal(span('16:00', '17:00'), at('16:30'), at('16:31'))?.kind).toBe('contract-broken')
    expect(endRefusal(span('16:00', '17:00'), at('16:30'), null)).toBeNull()
    expect(endRefusal(span('16:00', '17:00'), at('17:00'), null)?.kind).toBe('conflict')
  })
})

describe('the register', () => {
  let rig: DispatchRig
  let fuId: string
  const day = '2026-01-16'
  const register = (times: { from: string; to: string }[], who = rig.fsp.client) =>
    who.ask(operations.registerServiceToOthers, {
      body: { fuId, buyer: 'NESO', service: 'Reserve', reference: 'Instruction 7', times },
    })
  const evening = { from: `${day}T17:30:00Z`, to: `${day}T18:10:00Z` }

  beforeAll(async () => {
    rig = await startDispatchRig(Instant.parse('2026-01-15T09:00:00Z'))
    fuId = await rig.contractedUnit('Islington', 40_000)
  })

  test('a service outside every contract is taken from the FSP, listed and audited', async () => {
    const { status, body } = await register([{ from: `${day}T05:00:00Z`, to: `${day}T06:00:00Z` }])
    expect([status, body.items]).toMatchObject([200, [{ fuId, buyer: 'NESO', conflicts: [] }]])
    const listed = await rig.engineer.ask(operations.listServicesToOthers, { query: { fuId } })
    expect(listed.body.items).toEqual(body.items)
    const [entry] = await rig.db.$client`select actor from audit_entry where action = 'service-to-others.registered'`
    expect(entry?.['actor']).toBe(rig.fsp.clientId)
  })

  test('what is past is the DNO’s to register', async () => {
    const past = [{ from: '2026-01-14T05:00:00Z', to: '2026-01-14T06:00:00Z' }]
    const refused = await register(past)
    expect([refused.status, refused.body.errors[0].field]).toEqual([422, 'times[0].from'])
    expect((await register(past, rig.engineer)).status).toBe(200)
  })

  test('one that runs into a contract’s window is taken and flagged, or refused, as the setting says', async () => {
    const flagged = await register([evening])
    expect(flagged.body.items[0].conflicts).toMatchObject([{ product: 'A', from: `${day}T17:30:00Z` }])
    await rig.db.$client`
      insert into setting_version (setting_id, version, values, proposed_by, changed_by, changed_at)
      values ('market.stacking', 1, '{"onConflict": "refuse"}', 'sam', 'erin', ${rig.clock.now().toString()})`
    const before = await rig.engineer.ask(operations.listServicesToOthers)
    const refused = await register([{ from: `${day}T03:00:00Z`, to: `${day}T04:00:00Z` }, evening])
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining(`At ${day}T17:30:00Z`)])
    // What has happened is registered all the same, and flagged.
    const past = { from: '2026-01-14T17:30:00Z', to: '2026-01-14T18:00:00Z' }
    expect((await register([past], rig.engineer)).status).toBe(200)
    await rig.db.$client`delete from service_to_others where from_at = ${past.from}`
    // All of its times or none.
    expect((await rig.engineer.ask(operations.listServicesToOthers)).body).toEqual(before.body)
  })

  test('it is ended before its time, by its FSP from now on; one that has not begun was never in force', async () => {
    const [service] = (await rig.engineer.ask(operations.listServicesToOthers)).body.items
    const end = (when: string, who = rig.fsp.client) =>
      who.ask(operations.endServiceToOthers, {
        params: { id: service.serviceId },
        body: { at: when, reason: 'Stood down' },
      })
    expect((await end('2026-01-15T08:59:00Z')).status).toBe(422)
    expect((await end(`${day}T18:10:00Z`)).status).toBe(409)
    expect((await end(`${day}T17:45:00Z`)).body).toMatchObject({ to: `${day}T17:45:00Z`, reason: 'Stood down' })
    expect((await end('2026-01-14T00:00:00Z', rig.engineer)).body).toMatchObject({
      from: service.from,
      to: service.from,
    })
  })

  test('an unknown FU, a span without length and one of two months are refused', async () => {
    const strange = { buyer: 'NESO', service: 'Reserve', reference: 'Instruction 7', times: [evening] }
    const unknown = await rig.engineer.ask(operations.registerServiceToOthers, {
      body: { ...strange, fuId: '00000000-0000-4000-8000-000000000000' },
    })
    expect(unknown.status).toBe(404)
    expect((await register([{ from: evening.from, to: evening.from }])).status).toBe(422)
    expect((await register([{ from: evening.from, to: '2026-03-16T17:30:00Z' }])).status).toBe(422)
  })
})

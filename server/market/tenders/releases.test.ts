import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'

test('reserve of product A that is not needed is given back by the day: not instructed, and only before the day begins', async () => {
  const rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
  const [kept, free] = [await rig.contractedUnit('Kept FU'), await rig.contractedUnit('Free FU')]
  const spot = await rig.unitFor('C', 'Spot FU', { from: '19:00', to: '20:00' })
  const { items } = (await rig.engineer.ask(operations.listContracts)).body
  const contractOf = (fuId: string) => items.find((one: { fuId: string }) => one.fuId === fuId).contractId
  const release = (fuId: string, ...days: string[]) =>
    rig.engineer.ask(operations.releaseReserve, {
      params: { id: contractOf(fuId) },
      body: { days, reason: 'mild weather' },
    })

  expect((await release(free, rigDay)).body).toMatchObject({ releasedDays: [rigDay] })
  expect((await release(free, rigDay)).body).toMatchObject({ releasedDays: [rigDay] })
  expect(await release(kept, '2026-01-17')).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'days[0]' }] },
  })
  expect((await release(kept, '2026-01-14')).status).toBe(409)
  expect((await release(spot, rigDay)).body.detail).toContain('only reserve of a forward option')
  expect(
    (await rig.fsp.client.ask(operations.releaseReserve, { params: { id: contractOf(free) }, body: {} })).status,
  ).toBe(403)
  const seen = (await rig.fsp.client.ask(operations.listContracts)).body.items
  expect(seen.find((one: { fuId: string }) => one.fuId === free).releasedDays).toEqual([rigDay])

  await rig.clock.advanceTo(Instant.parse(`${rigDay}T16:25:00Z`))
  rig.startJobs()
  await rig.clock.advanceTo(Instant.parse(`${rigDay}T16:31:00Z`))
  expect([(await rig.instructions(kept)).length, (await rig.instructions(free)).length]).toEqual([1, 0])
  const [audited] = await rig.server.context.db.$client`
    select actor, detail from audit_entry where action = 'contract.days-released'`
  expect(audited).toMatchObject({ actor: 'erin', detail: { days: [rigDay], reason: 'mild weather' } })
}, 60_000)

import { Instant } from '@js-joda/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'
import { agreed, secondPerson } from '../../../test/support/second-person.ts'

const at = (time: string) => Instant.parse(`${rigDay}T${time}:00Z`)

let rig: DispatchRig
let fuId: string
beforeEach(async () => {
  rig = await startDispatchRig(at('16:20'))
  fuId = await rig.contractedUnit('Slow FU')
})

async function giveNotice(noticeMinutes: number) {
  const { status } = await rig.fsp.client.ask(operations.stateConstraints, {
    params: { id: fuId },
    body: { limits: { noticeMinutes } },
  })
  expect(status).toBe(200)
}

const sentFrom = () => rig.control.received.map((i) => i.intervals[0]?.from.slice(11, 16))

describe('the notice of an FU, counted from the issue', () => {
  test('of an hour is not met by a tick half an hour ahead: nothing is sent, and the board says why', async () => {
    await giveNotice(60)
    rig.startJobs()
    await rig.clock.advanceTo(at('16:31'))
    expect(rig.control.received).toEqual([])
    const { body } = await rig.engineer.ask(operations.readDispatchBoard, { query: { day: rigDay } })
    const period = body.rows[0].periods.find((each: { from: string }) => each.from === at('17:00').toString())
    expect(period.instruction).toMatchObject({
      state: 'expired',
      issuedAt: null,
      reason: 'not sent: less than its notice of 60 min was left',
    })
  })

  test('of half an hour is met by it, and by a sending that is late by no more than the tolerance', async () => {
    await giveNotice(30)
    rig.control.behaviour = 'server-error'
    rig.startJobs()
    await rig.clock.advanceTo(at('16:31'))
    rig.control.behaviour = 'accept'
    await rig.clock.advanceTo(at('16:32'))
    expect(sentFrom()).toContain('17:00')
  })

  test('is lost when the link comes back too late: the instruction expires instead of taking the FSP by surprise', async () => {
    await giveNotice(30)
    rig.control.behaviour = 'hang-up'
    rig.startJobs()
    await rig.clock.advanceTo(at('16:34'))
    rig.control.behaviour = 'accept'
    rig.control.received.length = 0
    await rig.clock.advanceTo(at('16:44'))
    expect(sentFrom()).toEqual([])
    expect((await rig.instructions(fuId))[0]).toMatchObject({ state: 'expired', acknowledgedAt: null })
  })

  test('keeps a schedule that is saved late from growing a turn-down, not from making it smaller', async () => {
    await giveNotice(30)
    rig.startJobs()
    await rig.clock.advanceTo(at('16:40'))
    await rig.schedule(fuId, { '17:00': 20_000 })
    await rig.clock.advanceTo(at('16:41'))
    await rig.schedule(fuId, { '17:00': 40_000 })
    await rig.clock.advanceTo(at('16:42'))
    expect(rig.control.received.map((i) => i.intervals[0]?.turnDownW)).toEqual([40_000, 20_000])
  })
})

test('the notice of a product holds for its FUs too, where it is the longer one', async () => {
  const second = await secondPerson(rig.server)
  const administrator = await rig.server.person('ada', 'administrator')
  const { body } = await administrator.ask(operations.readProduct, { params: { product: 'A' } })
  const settings = { ...body.settings, noticeMinutes: 45 }
  const change = { params: { product: 'A' }, version: body.version, body: settings }
  await agreed(second, administrator.ask(operations.changeProduct, change))
  rig.startJobs()
  await rig.clock.advanceTo(at('16:31'))
  expect(rig.control.received).toEqual([])
  expect((await rig.instructions(fuId))[0]?.reason).toBe('not sent: less than its notice of 45 min was left')
})

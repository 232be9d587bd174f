import { Instant } from '@js-joda/core'
import { beforeEach, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'

const at = (time: string) => Instant.parse(`${rigDay}T${time}:00Z`)

let rig: DispatchRig
let fuId: string
beforeEach(async () => {
  rig = await startDispatchRig(at('16:20'))
  fuId = await rig.contractedUnit('Evening FU')
  rig.startJobs()
  await rig.clock.advanceTo(at('16:30'))
})

const turnDowns = async () => (await rig.instructions(fuId)).flatMap((i) => i.intervals.map((each) => each.turnDownW))
const sent = () => rig.control.received.map((i) => i.intervals.map((each) => each.turnDownW))

test('a schedule saved for an FU that is out of service from 17:00 wants nothing there', async () => {
  await rig.fsp.client.ask(operations.declareServiceStatus, {
    params: { id: fuId },
    body: {
      inService: false,
      effectiveFrom: at('17:00').toString(),
      reason: 'works',
    },
  })
  await rig.schedule(fuId, { '17:00': 10_000 })
  expect(await turnDowns()).toEqual([40_000, 0])
})

test('a schedule that asks for nothing, saved twice, ends a turn-down once', async () => {
  await rig.schedule(fuId, {})
  await rig.clock.advanceTo(at('16:31'))
  await rig.schedule(fuId, {})
  await rig.clock.advanceTo(at('16:32'))
  expect(sent()).toEqual([[40_000], [0]])
})

test('an FSP that was not told of a change yet is told that the turn-down before it ends', async () => {
  await rig.schedule(fuId, { '17:00': 10_000 })
  await rig.schedule(fuId, {})
  await rig.clock.advanceTo(at('16:31'))
  expect(sent()).toEqual([[40_000], [0]])
})

test('an emergency stop ends what an FSP holds, also where a change of it is still on its way', async () => {
  await rig.schedule(fuId, { '17:00': 10_000 })
  const stopped = await rig.engineer.ask(operations.stopDispatch, {
    body: { fspId: null, reason: 'fault on the feeder' },
  })
  expect(stopped.status).toBe(200)
  await rig.clock.advanceTo(at('16:31'))
  expect(sent()).toEqual([[40_000], [0]])
})

import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'
import { saveInstruction } from '../../../test/support/instructions.ts'

const at = (time: string) => Instant.parse(`${rigDay}T${time}:00Z`)

let rig: DispatchRig
let [running, unselected] = ['', '']

/**
 * Units that run for an hour at least, asked for 40 kW from 17:00 to 19:00. One has been told of 17:00 to 17:45, and one of 17:00 to 18:00
 * whose live schedule is another. It is 17:10.
 */
beforeAll(async () => {
  rig = await startDispatchRig(at('16:00'))
  const { fspId } = rig.fsp
  running = await rig.contractedUnit('Running')
  unselected = await rig.contractedUnit('Not selected')
  await rig.db.$client`delete from schedule_selection where fu_id = ${unselected}`
  for (const fuId of [running, unselected]) {
    const body = { limits: { minimumRunMinutes: 60 } }
    expect((await rig.fsp.client.ask(operations.stateConstraints, { params: { id: fuId }, body })).status).toBe(200)
    const minutes = fuId === running ? 45 : 60
    await saveInstruction(rig.db, { fuId, fspId, from: `${rigDay}T17:00:00Z`, minutes, state: 'acknowledged' })
  }
  rig.clock.jumpTo(at('17:10'))
}, 240_000)

/** 40 kW in the quarter-hours from 17:00 up to a time, then another value up to 19:00. */
async function save(fuId: string, until: string, then: number | null) {
  const end = (Number(until.slice(0, 2)) * 60 + Number(until.slice(3))) / 15
  const values = Array.from({ length: 96 }, (_, i) => (i < 68 || i >= 76 ? null : i < end ? 40_000 : then))
  const params = { fuId, day: rigDay, kind: 'manual' }
  const { body: before } = await rig.engineer.ask(operations.readDispatchSchedule, { params })
  return rig.engineer.ask(operations.saveManualSchedule, {
    params,
    body: { resolution: 'PT15M', values },
    version: before.version,
  })
}

test('a schedule that ends a running turn-down before its least run is refused, with the time at which it could end', async () => {
  // From 17:00 to 17:30 are 30 of 60 min; the 30 min that are missing end at 18:00.
  for (const then of [0, null])
    expect(await save(running, '17:30', then)).toMatchObject({
      status: 422,
      body: {
        errors: [{ field: 'values[70]', message: expect.stringContaining(`could end at ${rigDay}T18:00:00Z`) }],
      },
    })
})

test('it may end once it has run for long enough', async () => {
  expect((await save(running, '18:00', 0)).status).toBe(200)
})

test('a schedule that is not live and asks for nothing cuts nothing short', async () => {
  expect((await save(unselected, '17:30', null)).status).toBe(200)
  expect((await save(unselected, '17:30', 0)).status).toBe(422)
})

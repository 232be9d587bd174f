import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import type { BoardPeriod, BoardRow } from '../../../schemas/dispatch/board.ts'
import { operations } from '../../../schemas/operations.ts'
import { rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'

const at = (time: string) => Instant.parse(`${rigDay}T${time}:00Z`)

test('after an emergency stop the board shows what was in force, and counts nothing due that the stop withheld', async () => {
  const rig = await startDispatchRig(at('16:20'))
  const fuId = await rig.contractedUnit('Evening FU')
  rig.startJobs()
  await rig.clock.advanceTo(at('17:07'))
  const board = async () => {
    const { body } = await rig.engineer.ask(operations.readDispatchBoard, { query: { day: rigDay } })
    const row: BoardRow = body.rows.find((each: BoardRow) => each.fuId === fuId)
    const period = (time: string) => row.periods.find((each) => each.from === at(time).toString()) as BoardPeriod
    return { row, totals: body.totals, period }
  }
  expect((await board()).period('17:00')).toMatchObject({ isStopped: false, instruction: { meanW: 40_000 } })
  const { body: stop } = await rig.engineer.ask(operations.stopDispatch, {
    body: { fspId: null, reason: 'fault on the feeder' },
  })
  await rig.clock.advanceTo(at('17:16'))
  const { row, totals, period } = await board()
  expect(row.isStopped).toBe(true)
  // 40 kW for 7 of 15 minutes.
  expect(period('17:00').instruction?.meanW).toBeCloseTo((40_000 * 7) / 15, 6)
  expect(period('17:15')).toMatchObject({ isStopped: true, instruction: { turnDownW: 0, meanW: 0 } })
  expect(period('17:45')).toMatchObject({ isStopped: true, requestedW: 40_000, instruction: null })
  // The ticks of 16:30, 16:45 and 17:00 were due; that of 17:15 was not, because it owed nothing.
  expect(totals).toMatchObject({ due: 3, issued: 3, acknowledged: 3, stopped: 3, missed: 0 })

  await rig.engineer.ask(operations.liftStop, { params: { id: stop.stopId } })
  await rig.clock.advanceTo(at('17:31'))
  const after = await board()
  expect(after.row.isStopped).toBe(false)
  expect(after.period('18:00')).toMatchObject({ isStopped: false, instruction: { meanW: 40_000 } })
  expect(after.totals).toMatchObject({ due: 4, issued: 4, stopped: 3 })
})

test('an emergency stop takes away the limit that a turn-down implied, though its FSP does not answer', async () => {
  const rig = await startDispatchRig(at('16:20'))
  await rig.contractedUnit('Evening FU')
  rig.startJobs()
  await rig.clock.advanceTo(at('16:31'))
  const implied = async () => (await rig.db.$client`select count(*)::int as n from implied_limit`)[0]?.['n']
  await rig.db.$client`
    insert into implied_limit (fu_id, instruction_id, connection_id, from_at, to_at, limit_w)
    select f.fu_id, i.instruction_id, f.connection_id, i.from_at, i.to_at, 60000
    from instruction i join flexible_unit f using (fu_id) on conflict do nothing`
  expect(await implied()).toBeGreaterThan(0)
  rig.control.behaviour = 'hang-up'
  await rig.engineer.ask(operations.stopDispatch, { body: { fspId: null, reason: 'fault on the feeder' } })
  expect(await implied()).toBe(0)
})

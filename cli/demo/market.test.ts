import { Instant, LocalDate } from '@js-joda/core'
import { expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import { createClient } from '../../schemas/vocabulary/client.ts'
import { periodStarts } from '../../schemas/vocabulary/time.ts'
import { readDepots, readEstates, readVanUnits } from '../../seeds/index.ts'
import { rigDay, startDispatchRig } from '../../test/support/dispatch.ts'
import { localUnits } from './market.ts'
import { stateLocalTimetables } from './timetables.ts'

test('E7 a demo buys locally of the depots that it has, and of no others', async () => {
  const [{ depots }, estates, vanUnits] = [await readDepots(), await readEstates(), await readVanUnits()]
  const one = depots.filter(({ depotId }) => depotId === 'bexleyheath')
  const names = (given: typeof depots) => localUnits([], [], given).map(({ name, product }) => [name, product])
  expect(names(depots)).toEqual([
    ['Bexleyheath', 'B'],
    ['Camden', 'C'],
  ])
  expect(names(one)).toEqual([['Bexleyheath', 'B']])
  expect(localUnits(estates, vanUnits, one)).toHaveLength(estates.length + vanUnits.length + 1)
})

test('FB06 vans under contract for an evening hour of product C are asked two hours ahead once their node has a timetable, not at noon', async () => {
  const rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
  const fuId = await rig.unitFor('C', 'Eltham vans', { from: '17:00', to: '18:00' })
  const values = periodStarts(LocalDate.parse(rigDay), 'PT15M').map((at) =>
    at.toString().slice(11, 13) === '17' ? 308_000 : 270_000,
  )
  await rig.engineer.ask(operations.setTargetLevel, { params: { nodeId: 'sec' }, body: { targetW: 300_000 } })
  for (const day of [rigDay, '2026-01-16']) {
    const forecast = { params: { nodeId: 'sec', day }, body: { resolution: 'PT15M', values } }
    expect((await rig.engineer.ask(operations.saveLoadForecast, forecast)).status).toBe(200)
  }
  const personAt = async (name: string) => {
    const { headers } = await rig.server.person(name, 'flexibility-engineer')
    return {
      api: createClient(({ path, init }) =>
        fetch(`${rig.server.url}${path}`, { ...init, headers: { ...init.headers, ...headers } }),
      ),
    }
  }
  rig.startJobs()
  rig.clock.jumpTo(Instant.parse(`${rigDay}T11:50:00Z`))
  await rig.clock.advanceTo(Instant.parse(`${rigDay}T18:00:00Z`))
  // At noon only what begins at 14:00 goes out, so that the evening is never asked for.
  expect(rig.control.received).toEqual([])
  const unit = { name: 'Eltham', nodeId: 'sec', product: 'C' as const, ratedW: 117_760 }
  const local = [{ ...unit, hour: { from: '17:00', to: '18:00' } }]
  const [engineer, approver] = [await personAt('ed'), await personAt('amy')]
  await stateLocalTimetables(engineer, approver, local)
  await stateLocalTimetables(engineer, approver, local)
  const timetables = await engineer.api.all(operations.listTimetables, {})
  expect(timetables.filter(({ zoneNodeId }) => zoneNodeId === 'sec')).toMatchObject([
    { product: 'C', version: 1, settings: { rhythm: { windows: [{ at: '15:00', from: '17:00', to: '18:00' }] } } },
  ])
  rig.clock.jumpTo(Instant.parse('2026-01-16T14:50:00Z'))
  await rig.clock.advanceTo(Instant.parse('2026-01-16T14:59:00Z'))
  expect(rig.control.received).toEqual([])
  await rig.clock.advanceTo(Instant.parse('2026-01-16T15:01:00Z'))
  expect(rig.control.received).toMatchObject([
    {
      fuId,
      product: 'C',
      intervals: [{ from: '2026-01-16T17:00:00Z', to: '2026-01-16T18:00:00Z', turnDownW: 8_000 }],
    },
  ])
})

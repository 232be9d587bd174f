import { Instant } from '@js-joda/core'
import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import { allSettings } from '../../schemas/settings/index.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { agreed, secondPerson } from '../../test/support/second-person.ts'
import { startTestServer } from '../../test/support/server.ts'
import { saveNode } from '../grid/index.ts'

const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
const server = await startTestServer((await createTestDatabase('server')).url, clock)
const [planner, second] = [await server.person('pat', 'planner'), await secondPerson(server)]
const settingId = 'network.capacity'
const change = (values: Record<string, number | string>) =>
  planner.ask(operations.changeSetting, { params: { settingId }, body: values })
const targetOf = async (nodeId: string) =>
  (await planner.ask(operations.listTargetLevels)).body.items.find((each: { nodeId: string }) => each.nodeId === nodeId)

describe('settings', () => {
  test('each has defaults within its own bounds, and an identifier of its own', () => {
    for (const stated of allSettings) expect(stated.check(stated.defaults).success, stated.id).toBe(true)
    expect(new Set(allSettings.map(({ id }) => id)).size).toBe(allSettings.length)
  })

  test('figures change once a second person approves, from then on, with a version and who changed them', async () => {
    const node = {
      nodeId: 'sec',
      name: 'Sec',
      kind: 'secondary' as const,
      licenceArea: 'LPN' as const,
      parentId: null,
      easting: null,
      northing: null,
    }
    // By hand: the lesser of 500 kVA firm and 630 kVA in winter; × 0.95 = 475 kW, × 0.9 = 450 kW.
    await saveNode(server.context.db, { ...node, ratingWinterKva: 630, ratingSummerKva: 600, firmCapacityKva: 500 })
    expect(await targetOf('sec')).toMatchObject({ isSet: false, targetW: 475_000 })
    expect((await planner.ask(operations.readSetting, { params: { settingId } })).body).toMatchObject({
      version: 0,
      values: { powerFactor: 0.95 },
      changedAt: null,
    })
    const asked = await change({ powerFactor: 0.9 })
    expect(asked.body).toMatchObject({
      state: 'waiting',
      changes: [{ field: 'powerFactor', before: 0.95, after: 0.9 }],
    })
    expect(await targetOf('sec')).toMatchObject({ targetW: 475_000 })
    await clock.advanceTo(clock.now().plusSeconds(60))
    await agreed(second, asked)
    expect(await targetOf('sec')).toMatchObject({ targetW: 450_000 })
    const { body } = await planner.ask(operations.listSettingVersions, { params: { settingId } })
    expect(body.items).toEqual([
      {
        version: 1,
        values: { powerFactor: 0.9 },
        changedAt: '2026-01-15T08:01:00Z',
        proposedBy: 'pat',
        changedBy: 'petra.second',
      },
      { version: 0, values: { powerFactor: 0.95 }, changedAt: null, proposedBy: null, changedBy: null },
    ])
  })

  test('a figure out of bounds and one that the setting does not have are refused by name', async () => {
    const refused = await change({ powerFactor: 1.2, powerfactor: 0.9 })
    expect(refused.status).toBe(422)
    expect(refused.body.errors).toEqual([
      { field: 'powerFactor', message: expect.stringContaining('1') },
      { field: 'powerfactor', message: 'is not a figure of network.capacity, which has powerFactor' },
    ])
    const unknown = await planner.ask(operations.readSetting, { params: { settingId: 'network.colour' } })
    expect(unknown).toMatchObject({ status: 404, body: { detail: expect.stringContaining('network.capacity') } })
  })
})

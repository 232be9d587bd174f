import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import type { NetworkNode } from '../../schemas/grid/connections.ts'
import { operations } from '../../schemas/operations.ts'
import type { Client } from '../../test/support/client.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../test/support/dispatch.ts'
import { eveningTender, registerFsp, registerUnit } from '../../test/support/market.ts'
import { saveNode } from '../grid/index.ts'

let rig: DispatchRig
beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse(`${rigDay}T09:00:00Z`))
  const common = {
    licenceArea: 'LPN',
    easting: 1,
    northing: 2,
    ratingWinterKva: 9_000,
    ratingSummerKva: 9_000,
  } as const
  for (const nodeId of ['west', 'east'])
    await saveNode(rig.server.context.db, { nodeId, name: nodeId, kind: 'primary', parentId: 'gsp', ...common })
})

const nodesOf = async (client: Client): Promise<NetworkNode[]> => (await client.ask(operations.listNodes)).body.items
const idsOf = async (client: Client) => (await nodesOf(client)).map(({ nodeId }) => nodeId)

test('SEC19 an FSP lists the zones of published tenders and what feeds its FUs, not the whole network', async () => {
  const stranger = await registerFsp(rig.server, rig.engineer, 'Stranger Ltd', rig.control)
  expect(await idsOf(stranger.client)).toEqual([])
  await registerUnit(rig.fsp.client, 'Yard', rig.mpan)
  const publish = async (zoneNodeId: string) => {
    const body = eveningTender({ zoneNodeId, gateClosesAt: '2026-02-01T00:00:00Z', validFrom: '2026-03-01' })
    const { tenderId } = (await rig.engineer.ask(operations.draftTender, { body })).body
    if (zoneNodeId === 'west') await rig.engineer.ask(operations.publishTender, { params: { id: tenderId } })
  }
  await publish('west')
  await publish('east')
  expect(await idsOf(stranger.client)).toEqual(['gsp', 'west'])
  expect(await idsOf(rig.fsp.client)).toEqual(['gsp', 'pri', 'sec', 'west'])
  expect(await idsOf(rig.engineer)).toEqual(['east', 'gsp', 'pri', 'sec', 'west'])
})

test('SEC19 it sees where a node is, and neither its ratings nor its loads', async () => {
  for (const node of await nodesOf(rig.fsp.client)) {
    expect(node).toMatchObject({ ratingWinterKva: null, ratingSummerKva: null, easting: expect.any(Number) })
    expect(Object.keys(node)).not.toContain('maxDemandWinterKva')
  }
  expect((await nodesOf(rig.engineer)).every((node) => node.ratingWinterKva !== null)).toBe(true)
})

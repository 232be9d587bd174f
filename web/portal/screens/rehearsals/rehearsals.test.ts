import { describe, expect, test } from 'vitest'
import type { UnitPeriod } from '../../../../schemas/dispatch/optimisation.ts'
import { type NetworkDraft, newNetwork, readNetwork, withNode, withoutNode, withPlaced } from './network-draft.ts'
import { branches, outcomeInWords, timesInWords, unitResults } from './result.ts'

/** All FUs, with north below it and street below north; one FU at each. */
function threeNodes(): NetworkDraft {
  const nodes = [
    { key: 0, name: 'All FUs', parentKey: null },
    { key: 1, name: 'North', parentKey: 0 },
    { key: 2, name: 'Street', parentKey: 1 },
  ]
  const placed = new Map([
    ['fu-all', 0],
    ['fu-north', 1],
    ['fu-street', 2],
  ])
  return { name: 'Three', nodes, placed }
}

describe('the form of a pseudo-network', () => {
  test('gives nodes by their names, and each FU its node', () => {
    const { given, faults } = readNetwork(threeNodes())
    expect([...faults]).toEqual([])
    expect(given?.nodes.map(({ nodeId, parentId }) => [nodeId, parentId])).toEqual([
      ['All FUs', null],
      ['North', 'All FUs'],
      ['Street', 'North'],
    ])
    expect(given?.members).toContainEqual({ fuId: 'fu-street', nodeId: 'Street' })
  })
  test('says what is missing at first: a name and an FU', () => {
    expect([...readNetwork(newNetwork()).faults.keys()]).toEqual(['name', 'members'])
  })
  test('names each node once, and none below itself', () => {
    const draft = threeNodes()
    const twice = readNetwork({ ...draft, nodes: draft.nodes.map((node) => ({ ...node, name: 'Same' })) })
    expect(twice.faults.get('node.1')).toBe('Another node is called Same too.')
    const [top, ...rest] = draft.nodes
    const ring = readNetwork({ ...draft, nodes: [...(top ? [{ ...top, parentKey: 2 }] : []), ...rest] })
    expect(ring.given).toBeNull()
    expect(ring.faults.get('node.0')).toMatch(/^All FUs stands below itself/)
    expect(readNetwork(withNode(draft)).faults.get('node.3')).toBe('Give the node a name.')
  })
  test('moves what stood at a removed node to the node above, and out of the network where there is none', () => {
    const { nodes, placed } = withoutNode(threeNodes(), 1)
    expect(nodes.find(({ key }) => key === 2)?.parentKey).toBe(0)
    expect([...placed]).toEqual([
      ['fu-all', 0],
      ['fu-north', 0],
      ['fu-street', 2],
    ])
    const topless = withoutNode(threeNodes(), 0)
    expect(topless.placed.has('fu-all')).toBe(false)
    expect(topless.nodes.find(({ key }) => key === 1)?.parentKey).toBeNull()
  })
  test('puts many FUs at a node at once, and takes them out again', () => {
    const put = withPlaced(threeNodes(), ['fu-a', 'fu-b', 'fu-all'], 2)
    expect(['fu-a', 'fu-b', 'fu-all'].map((fuId) => put.placed.get(fuId))).toEqual([2, 2, 2])
    expect(withPlaced(put, ['fu-a'], null).placed.has('fu-a')).toBe(false)
  })
})

const period = (time: string, turnDownW: number, change: Partial<UnitPeriod> = {}): UnitPeriod => ({
  from: `2026-01-15T${time}:00Z`,
  availableW: 50_000,
  turnDownW,
  priceGbpPerMwh: '200.00',
  marginalPriceGbpPerMwh: 200,
  reasons: [],
  ...change,
})

describe('the result of a rehearsal', () => {
  test('sums an FU up: energy, cost, and when it is asked for something', () => {
    const left = { powerW: 10_000, because: 'price', otherFsps: 0 } as const
    const periods = [period('16:00', 40_000), period('16:15', 20_000), period('16:30', 0, { left }), period('16:45', 8)]
    const [unit] = unitResults({ units: [{ fuId: 'fu', periods: [...periods.slice(0, 3)] }] }, () => 'Yard')
    // By hand: (40 + 20) kW for a quarter of an hour, at £200 per MWh.
    expect(unit).toMatchObject({ name: 'Yard', mostW: 40_000, energyWh: 15_000, costGbp: 3, left: ['price'] })
    expect(timesInWords(unit?.spans ?? [])).toBe('16:00 to 16:30')
    const [split] = unitResults({ units: [{ fuId: 'fu', periods }] }, () => 'Yard')
    expect(timesInWords(split?.spans ?? [])).toBe('16:00 to 16:30, 16:45 to 17:00')
  })
  test('tells the worst shortfall, and that there is none', () => {
    const at = (from: string, shortfallW: number) => ({ from, needW: 60_000, shortfallW, marginalPriceGbpPerMwh: null })
    const nodes = [
      { nodeId: 'n', name: 'North', periods: [at('2026-01-15T16:00:00Z', 0), at('2026-01-15T16:15:00Z', 5_000)] },
      { nodeId: 's', name: 'South', periods: [at('2026-01-15T16:00:00Z', 9_000)] },
    ]
    expect(outcomeInWords({ nodes })).toEqual({
      text: 'South is 9.0\u00a0kW short at 16:00, more than at any other time.',
      isShort: true,
    })
    expect(
      outcomeInWords({ nodes: [{ nodeId: 'n', name: 'N', periods: [at('2026-01-15T16:00:00Z', 0)] }] }).isShort,
    ).toBe(false)
  })
  test('lists nodes from the top down, with the FUs of all below them', () => {
    const { given } = readNetwork(threeNodes())
    if (!given) throw new Error('the draft is whole')
    const rows = branches({ nodes: given.nodes, members: given.members })
    expect(rows.map(({ name, depth, fuIds }) => [name, depth, fuIds])).toEqual([
      ['All FUs', 0, ['fu-all', 'fu-north', 'fu-street']],
      ['North', 1, ['fu-north', 'fu-street']],
      ['Street', 2, ['fu-street']],
    ])
  })
})

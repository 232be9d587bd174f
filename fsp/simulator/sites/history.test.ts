import { LocalDate } from '@js-joda/core'
import { expect, test } from 'vitest'
import type { DepotSeed } from '../../../schemas/fsp/depots.ts'
import { readDepots, readNodeLoads } from '../../../seeds/index.ts'
import { History } from './history.ts'
import { siteFactory } from './site.ts'

/** What the vehicles drew in a quarter-hour of the working days of four weeks, W, ascending. */
function loadsAt(history: History, depot: DepotSeed, quarter: number): number[] {
  return Array.from({ length: 28 }, (_, back) => LocalDate.parse('2026-01-13').minusDays(back))
    .filter((day) => day.dayOfWeek().value() <= 5)
    .map((day) => (history.of(depot, day).energyWh[quarter] ?? 0) * 4)
    .sort((a, b) => a - b)
}

test.each([7, 1, 42])('depots that are bid for have what their nodes need of them, with seed %i', async (seed) => {
  const [seeds, loads] = [await readDepots(), await readNodeLoads()]
  const history = new History(siteFactory(seeds, seed))
  const bid = seeds.depots.filter(({ localProduct }) => localProduct !== undefined)
  expect(bid.map(({ depotId }) => depotId)).toEqual(['bexleyheath', 'camden'])
  for (const depot of bid) {
    const node = loads.find((each) => each.nodeId === depot.nodeId)
    const over = node?.load.filter(({ loadW }) => loadW > node.targetW) ?? []
    expect(over.map(({ from }) => from)).toEqual(['16:30'])
    const needW = (over[0]?.loadW ?? 0) - (node?.targetW ?? 0)
    // 16:30 and 16:45. Half of what is drawn can wait, and an offer is what four of five days have: the fourth lowest of twenty is less.
    for (const quarter of [66, 67]) {
      const [, , , fourth = 0] = loadsAt(history, depot, quarter)
      expect(fourth / 2).toBeGreaterThanOrEqual(needW)
    }
  }
})

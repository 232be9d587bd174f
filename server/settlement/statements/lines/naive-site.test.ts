import { Instant } from '@js-joda/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstOf, generator } from '../../test/support/naive.ts'
import { type NaiveLine, naiveLines } from '../../test/support/naive-site.ts'
import { randomMarket } from '../../test/support/random-site.ts'
import { settledMarket } from '../../test/support/settled-site.ts'
import type { LineRow } from './line.ts'

const months = ['2026-01', '2026-03', '2026-04', '2026-10', '2026-12'].map(firstOf)

/** What the drawn months contained, so that nothing that this test is about is missing from them. */
const seen = new Map<string, number>()
function count(what: string, is: boolean): void {
  if (is) seen.set(what, (seen.get(what) ?? 0) + 1)
}

test('two implementations agree to the penny and the price on a thousand random months of units that share sites, meters and contracts', () => {
  let unitMonths = 0
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 30 }), fc.constantFrom(...months), (seed, first) => {
      const market = randomMarket(generator(seed), first)
      const naive = naiveLines(market)
      for (const [fuId, lines] of settledMarket(market)) {
        expect(lines.map(shown)).toEqual((naive.get(fuId) ?? []).toSorted(inOrder).map(shownNaive))
        for (const line of lines) countIn(line)
        unitMonths++
      }
    }),
    // Two to four units a month: a thousand unit-months are eight standard deviations away.
    { numRuns: 375, endOnFailure: true },
  )
  expect(unitMonths).toBeGreaterThan(1_000)
  expect(Object.fromEntries([...seen].filter(([, n]) => n < 100))).toEqual({})
  expect([...seen.keys()].sort()).toEqual([
    'a bid under the ceiling is paid',
    'a half-hour is shared',
    'a sender’s estimate',
    'a stop or a change within it',
    'an estimate between neighbours',
    'another contract has its energy',
    'another contract has its watts',
    'beyond its export limit',
    'lost at the FSP’s end',
    'nothing was offered',
    'refused',
    'several units share a limit',
    'the node’s dearest price is paid',
    'the sum is incomplete',
    'under its limit',
  ])
}, 1_800_000)

function countIn(line: LineRow): void {
  const flags = new Set<string>(line.flags)
  const hasElsewhere = Boolean(line.elsewhereWh)
  const isUnder = Boolean(line.instructedWh)
  count('a stop or a change within it', (line.instructions?.length ?? 0) > 1)
  count(
    'a bid under the ceiling is paid',
    isUnder && line.priceRule === 'pay-as-bid' && line.utilisation === line.bidPrice,
  )
  count(
    'the node’s dearest price is paid',
    isUnder && line.clearedPrice !== null && line.clearedPrice !== line.bidPrice,
  )
  count(
    'several units share a limit',
    Boolean(line.site && line.limitWh !== null && line.site.baselinesWh > (line.baselineWh ?? 0)),
  )
  count('under its limit', flags.has('profile-limit'))
  count('beyond its export limit', flags.has('export-limit'))
  count('another contract has its energy', hasElsewhere)
  count('another contract has its watts', flags.has('paid-elsewhere') && !hasElsewhere)
  count('nothing was offered', flags.has('not-offered'))
  count('refused', flags.has('refused'))
  count('lost at the FSP’s end', flags.has('unreachable'))
  count('a sender’s estimate', flags.has('sender-estimate'))
  count('an estimate between neighbours', flags.has('estimated-meter-data'))
  count('the sum is incomplete', flags.has('incomplete-meter-data'))
  count('a half-hour is shared', flags.has('apportioned-meter-data'))
}

const text = (ms: number, contract: string, pence: number, price: string) =>
  `${Instant.ofEpochMilli(ms)} ${contract} ${pence}p at ${price}`

function shown(line: LineRow): string {
  const price = line.instructedWh ? line.utilisation : '-'
  return text(line.fromAt.toEpochMilli(), line.contractId, Math.round(Number(line.amountGbp) * 100), price)
}

function shownNaive({ q, contract, pence, price }: NaiveLine): string {
  return text(q, contract, pence + 0, price === null ? '-' : (price / 100).toFixed(2))
}

function inOrder(a: NaiveLine, b: NaiveLine): number {
  return a.q - b.q || (a.contract < b.contract ? -1 : 1)
}

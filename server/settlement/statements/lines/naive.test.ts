import { Instant, LocalDate } from '@js-joda/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { copyField, copyInto, type Database } from '../../../../platform/db/index.ts'
import type { PaymentScheme } from '../../../../schemas/settlement/statements.ts'
import { dayStart } from '../../../../schemas/vocabulary/time.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import { meteredDays, refreshMeteredDays } from '../../metering/days/store.ts'
import { defaultTerms } from '../../payments/index.ts'
import { type Days, directed, firstOf, generator, type NaiveMonth, randomMonth } from '../../test/support/naive.ts'
import { bothSettlements } from '../../test/support/settled-month.ts'

const months = ['2026-01', '2026-03', '2026-04', '2026-10', '2026-12'].map(firstOf)
const methods = ['nominated', 'recent-history', 'mid-8-in-10', 'bl01', 'fixed-reference', 'zero'] as const
const schemes: readonly PaymentScheme[] = [
  defaultTerms.scheme,
  { name: 'sliding-scale', fromRatio: 0.5, toRatio: 1 },
  { name: 'usef', penaltyGbpPerMwh: '311.25' },
]
const seeds = fc.integer({ min: 1, max: 2 ** 30 })

test('two implementations agree to the penny on a thousand random months of one contract, of every method and scheme, in both directions', () => {
  let compared = 0
  fc.assert(
    fc.property(
      seeds,
      fc.constantFrom(...months),
      fc.constantFrom(...methods),
      fc.constantFrom(...schemes),
      fc.constantFrom('turn-down' as const, 'turn-up' as const),
      // None, some and more than any load: baselines below, around and above zero.
      fc.constantFrom(0, 0, 6_000, 16_000),
      (seed, first, method, scheme, direction, exportWh) => {
        const month = directed(randomMonth(generator(seed), first, method, scheme), direction, exportWh)
        const metered = new Map(
          Object.entries(month.days).map(([day, energyWh]) => {
            const start = dayStart(LocalDate.parse(day)).toEpochMilli()
            const marks = energyWh.map((_, i) =>
              month.estimated.has(start + i * 900_000) ? (['estimated'] as const) : null,
            )
            return [
              LocalDate.parse(day).toEpochDay(),
              { energyWh, revisions: energyWh.map(() => 1), sources: null, marks },
            ]
          }),
        )
        const both = bothSettlements(month, metered)
        expect(both.program).toEqual(both.naive)
        expect(both.programTotal).toBe(both.naiveTotal)
        compared += both.lines
      },
    ),
    { numRuns: 1_000 },
  )
  expect(compared).toBeGreaterThan(100_000)
}, 240_000)

/** One version of a reading. */
interface Version {
  q: number
  revision: number
  energyWh: number | null
  receivedAt: number
}

test('FM17 they agree on months with corrections that compete, as known at any moment, read from the database', async () => {
  const { db } = await createTestDatabase('server')
  const random = generator(20_261)
  for (let n = 0; n < 36; n++) {
    const [method, scheme] = [methods[n % 6], schemes[n % 3]] as [(typeof methods)[number], PaymentScheme]
    const month = randomMonth(random, months[n % 5] as LocalDate, method, scheme)
    const versions = correctionsOf(month, random)
    const fuId = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
    await store(db, fuId, versions, month.estimated, random)
    const [from, to] = [month.first.minusDays(121), month.last]
    const known = dayStart(month.first).toEpochMilli() + random(40) * 86_400_000
    const asOf = await meteredDays(db, [fuId], from, to, Instant.ofEpochMilli(known))
    await refreshMeteredDays(db, [fuId], from, to)
    const now = await meteredDays(db, [fuId], from, to)
    for (const [moment, found] of [
      [known, asOf],
      [Number.POSITIVE_INFINITY, now],
    ] as const) {
      const seen = { ...month, days: daysAt(month, versions, moment) }
      const both = bothSettlements(seen, found.get(fuId) ?? new Map())
      expect(both.program).toEqual(both.naive)
      expect(both.programTotal).toBe(both.naiveTotal)
    }
  }
}, 120_000)

/** A month's readings as first versions, some with up to two later ones; and what days without any reading got late. */
function correctionsOf(month: NaiveMonth, random: (limit: number) => number): Version[] {
  const versions: Version[] = []
  for (const [name, values] of Object.entries(month.days)) {
    const start = dayStart(LocalDate.parse(name)).toEpochMilli()
    const received = start + 86_400_000 + random(3) * 86_400_000
    const isCorrected = random(5) === 0
    for (const [i, energyWh] of values.entries()) {
      const q = start + i * 900_000
      versions.push({ q, revision: 1, energyWh, receivedAt: received })
      if (!isCorrected || random(3) === 0) continue
      // The third may have come before the second: the number decides, not the order of arrival.
      const later = () => received + 1_000 + random(20) * 86_400_000
      versions.push({ q, revision: 2, energyWh: random(12_000), receivedAt: later() })
      if (random(2) === 0)
        versions.push({ q, revision: 3, energyWh: random(50) === 0 ? null : random(12_000), receivedAt: later() })
    }
  }
  return versions
}

/** What the days were at a moment: of each period the highest version that had arrived; straight from the sentence. */
function daysAt(month: NaiveMonth, versions: Version[], moment: number): Days {
  const days: Days = {}
  const best = new Map<number, Version>()
  for (const version of versions) {
    if (version.receivedAt > moment) continue
    const other = best.get(version.q)
    if (!other || other.revision < version.revision) best.set(version.q, version)
  }
  for (const [name, values] of Object.entries(month.days)) {
    const start = dayStart(LocalDate.parse(name)).toEpochMilli()
    const own = values.map((_, i) => best.get(start + i * 900_000)?.energyWh ?? null)
    if (values.some((_, i) => best.has(start + i * 900_000))) days[name] = own
  }
  return days
}

/** Stores the versions in random order. */
async function store(
  db: Database,
  fuId: string,
  versions: Version[],
  estimated: ReadonlySet<number>,
  random: (limit: number) => number,
) {
  const shuffled = versions.map((version) => ({ version, at: random(2 ** 30) })).sort((a, b) => a.at - b.at)
  const lines = shuffled.map(({ version: { q, revision, energyWh, receivedAt } }) =>
    [
      fuId,
      new Date(q).toISOString(),
      15,
      'upload',
      revision,
      energyWh,
      estimated.has(q) ? 'estimated' : 'measured',
      'M1',
      new Date(receivedAt).toISOString(),
    ]
      .map(copyField)
      .join('\t'),
  )
  const columns = 'fu_id, period_start, minutes, source, revision, energy_wh, quality, meter_id, received_at'
  await db.transaction((tx) => copyInto(tx, `meter_reading (${columns})`, lines))
}

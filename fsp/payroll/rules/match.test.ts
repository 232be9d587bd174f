import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type HomeCharge, matchCharge, type VanEvidence } from './match.ts'

const hour = 3_600_000

/** From 18:00 for ten hours, 20 kWh by the charge point's meter. */
const charge: HomeCharge = { startMs: 18 * hour, stopMs: 28 * hour, energyWh: 20_000 }

/** At home; from 40 to 70 % of a battery of 60 kWh: 18 kWh in it, which are 20 kWh at the socket by an efficiency of 0.9. */
const evidence: VanEvidence = {
  homeLsoa: 'E01004736',
  places: ['E01004736'],
  usableBatteryWh: 60_000,
  readings: [
    { atMs: 17.9 * hour, socPercent: 40, odometerKm: 20_100 },
    { atMs: 23 * hour, socPercent: 55, odometerKm: 20_100 },
    { atMs: 28.1 * hour, socPercent: 70, odometerKm: 20_100 },
  ],
}

const because = (change: Partial<VanEvidence>, of = charge) => {
  const match = matchCharge(of, { ...evidence, ...change })
  return match.isConfirmed ? null : match.because
}

test('L11 a charge is confirmed where the van stood at home and its battery gained what the meter counted', () => {
  expect(matchCharge(charge, evidence)).toEqual({ isConfirmed: true, telematicsWh: 20_000 })
})

test('L11 a van that stood in another area, or nobody knows where, is refused with that reason', () => {
  expect(because({ places: ['E01009999', 'workshop'] })).toBe('elsewhere')
  expect(because({ places: [] })).toBe('place-not-reported')
})

test('L11 without a reading before or after, or without a type of van, the charge is not known', () => {
  expect(because({ readings: evidence.readings.slice(1) })).toBe('charge-not-reported')
  expect(because({ readings: evidence.readings.slice(0, 2) })).toBe('charge-not-reported')
  expect(because({ usableBatteryWh: null })).toBe('charge-not-reported')
})

test('L11 a van that was driven while it is said to have charged is refused', () => {
  const [first, middle, last] = evidence.readings
  if (!first || !middle || !last) throw new Error('there are three')
  const driven = [first, { ...middle, odometerKm: 20_130 }, { ...middle, atMs: 25 * hour, odometerKm: 20_160 }, last]
  expect(because({ readings: driven })).toBe('driven-meanwhile')
})

test('L11 what the meter counted beyond a fifth and 2 kWh of the battery’s gain was charged by somebody else', () => {
  // The battery gained 20 kWh at the socket; of 25 kWh a fifth is 5 kWh.
  expect(because({}, { ...charge, energyWh: 25_000 })).toBeNull()
  expect(because({}, { ...charge, energyWh: 25_100 })).toBe('energy-differs')
  // Small charges: 2 kWh.
  const small = { readings: evidence.readings.map((each) => ({ ...each, socPercent: 40 })) }
  expect(because(small, { ...charge, energyWh: 2_000 })).toBeNull()
  expect(because(small, { ...charge, energyWh: 2_001 })).toBe('energy-differs')
})

test('L11 nothing is confirmed that no telematics saw at home', () => {
  const places = fc.array(fc.constantFrom('E01009999', 'workshop', 'E01004737'))
  fc.assert(
    fc.property(places, fc.integer({ min: 0, max: 60_000 }), (seen, energyWh) => {
      expect(matchCharge({ ...charge, energyWh }, { ...evidence, places: seen }).isConfirmed).toBe(false)
    }),
  )
})

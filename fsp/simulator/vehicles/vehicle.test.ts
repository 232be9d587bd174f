import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { charge, isContent, powerTakenW, type Vehicle } from './vehicle.ts'

function vehicle(change: Partial<Vehicle> = {}): Vehicle {
  return {
    vehicleId: 'v',
    idTag: 'v',
    batteryWh: 40_000,
    maxPowerW: 7_360,
    targetWh: 40_000,
    storedWh: 8_000,
    ...change,
  }
}

const anyVehicle = fc
  .record({
    batteryWh: fc.integer({ min: 500, max: 90_000 }),
    maxPowerW: fc.integer({ min: 1_500, max: 11_000 }),
    stored: fc.double({ min: 0, max: 1, noNaN: true }),
    target: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ batteryWh, maxPowerW, stored, target }) => {
    const targetWh = batteryWh * Math.max(stored, target)
    return vehicle({ batteryWh, maxPowerW, targetWh, storedWh: batteryWh * stored })
  })

describe('charging', () => {
  test('is constant up to 80 %, then falls with what is missing, to a fifth', () => {
    expect(powerTakenW(vehicle(), 7_360)).toBe(7_360)
    expect(powerTakenW(vehicle({ storedWh: 36_000 }), 7_360)).toBeCloseTo(3_680)
    expect(powerTakenW(vehicle({ storedWh: 39_900 }), 7_360)).toBeCloseTo(1_472)
    expect(powerTakenW(vehicle({ storedWh: 40_000 }), 7_360)).toBe(0)
  })

  test('an hour at 16 A takes 3,680 Wh from the flat part of the curve', () => {
    const van = vehicle()
    expect(charge(van, 3_680, 1)).toBe(3_680)
    expect(van.storedWh).toBe(11_680)
  })

  test('less than 6 A is a pause', () => {
    const van = vehicle()
    expect(charge(van, 1_379, 1)).toBe(0)
    expect(charge(van, 1_380, 1)).toBe(1_380)
  })

  test('agrees with a naive integration in small steps, and splitting the time changes nothing', () => {
    fc.assert(
      fc.property(
        anyVehicle,
        fc.integer({ min: 1_380, max: 12_000 }),
        fc.double({ min: 0.01, max: 8, noNaN: true }),
        (van, offeredW, hours) => {
          const [whole, split, naive] = [{ ...van }, { ...van }, { ...van }]
          const taken = charge(whole, offeredW, hours)
          const parts = Array.from({ length: 7 }, () => charge(split, offeredW, hours / 7))
          expect(parts.reduce((a, b) => a + b, 0)).toBeCloseTo(taken, 3)
          const steps = 4_000
          for (let i = 0; i < steps; i++)
            naive.storedWh = Math.min(van.targetWh, naive.storedWh + (powerTakenW(naive, offeredW) * hours) / steps)
          expect(Math.abs(naive.storedWh - whole.storedWh)).toBeLessThan(0.002 * van.batteryWh + 2)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('ends at the target, never beyond', () => {
    fc.assert(
      fc.property(anyVehicle, (van) => {
        charge(van, 7_360, 1_000)
        expect(van.storedWh).toBeLessThanOrEqual(van.targetWh)
        expect(isContent(van)).toBe(true)
      }),
    )
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cabinetTemperature, flowsOf, fractionOf, phaseShares, powerFactor } from './physics.ts'

const feederPowers = fc.array(fc.double({ min: -50_000, max: 100_000, noNaN: true }), { minLength: 1, maxLength: 4 })

test('the phases of a feeder sum to its power, and V, I, P and Q agree on each', () => {
  fc.assert(
    fc.property(fc.string(), feederPowers, (key, powers) => {
      const feedersW = new Map(powers.map((power, i) => [i + 1, power]))
      for (const [feeder, flows] of flowsOf(key, feedersW)) {
        const phases = Object.values(flows)
        const power = feedersW.get(feeder) ?? 0
        expect(phases.reduce((sum, p) => sum + p.activeW, 0)).toBeCloseTo(power, 6)
        for (const { voltageV, currentA, activeW, reactiveVar } of phases) {
          expect(voltageV * currentA).toBeCloseTo(Math.hypot(activeW, reactiveVar), 6)
          expect(reactiveVar).toBeGreaterThanOrEqual(0)
        }
      }
    }),
  )
})

test('feeders share the busbar voltage: load lowers it, export raises it, both within the statutory band', () => {
  const voltage = (powerW: number) => {
    const flows = flowsOf(
      'hub',
      new Map([
        [1, powerW],
        [2, powerW],
      ]),
    )
    expect(flows.get(1)?.L1.voltageV).toBe(flows.get(2)?.L1.voltageV)
    return flows.get(1)?.L1.voltageV ?? 0
  }
  expect(voltage(0)).toBe(240)
  expect(voltage(100_000)).toBeLessThan(voltage(10_000))
  expect(voltage(-50_000)).toBeGreaterThan(240)
  // ESQCR 2002: 230 V +10 % −6 %.
  for (const power of [-60_000, 0, 60_000, 120_000]) {
    expect(voltage(power)).toBeGreaterThan(216.2)
    expect(voltage(power)).toBeLessThan(253)
  }
  expect(voltage(10_000_000)).toBe(120)
})

test('hubs differ from each other but not from run to run', () => {
  expect(phaseShares('a')).toEqual(phaseShares('a'))
  expect(phaseShares('a')).not.toEqual(phaseShares('b'))
  const fractions = Array.from({ length: 1_000 }, (_, i) => fractionOf(`hub ${i}`))
  const mean = fractions.reduce((sum, each) => sum + each, 0) / fractions.length
  expect(mean).toBeCloseTo(0.5, 1)
  expect(Math.min(...fractions)).toBeLessThan(0.02)
  expect(Math.max(...fractions)).toBeGreaterThan(0.98)
  expect(powerFactor('a')).toBeGreaterThanOrEqual(0.95)
})

test('a cabinet is warmer in the afternoon and under load', () => {
  const at = (hour: number, powerW: number) => cabinetTemperature('hub', hour * 3_600_000, powerW)
  expect(at(17, 0)).toBeGreaterThan(at(5, 0))
  expect(at(5, 200_000) - at(5, 0)).toBeCloseTo(8)
})

import { describe, expect } from 'vitest'
import { testCases } from '../../support/cases.ts'
import { assess, assessmentExpected, assessmentInput } from './assess.ts'

/** W within which a figure is the one worked out by hand. */
const toleranceW = 0.001

describe('assessment cases', () => {
  testCases(import.meta.dirname, { input: assessmentInput, expected: assessmentExpected }, async (input, expected) => {
    const { cells, missing, reserved } = await assess(input)
    expect(cells.map((cell) => cell.name).sort()).toEqual(expected.cells.toSorted())
    const tooMuch = cells.flatMap(({ name, periods }) => {
      const starts = periods.filter((p) => p.excessW > toleranceW).map((p) => p.from)
      return starts.length > 0 ? [[name, starts] as const] : []
    })
    expect(Object.fromEntries(tooMuch)).toEqual(expected.tooMuch)
    expect(missing.toSorted()).toEqual(expected.missing.toSorted())
    expect(reserved).toEqual(expected.reserved)
    expect(tooMuch.length + missing.length + reserved.length === 0).toBe(expected.fits)
    for (const [name, periods] of Object.entries(expected.at))
      for (const [from, wanted] of Object.entries(periods)) {
        const found = cells.find((cell) => cell.name === name)?.periods.find((p) => p.from === from)
        const place = `${name} ${from}`
        if (!found) throw new Error(`there is no ${place}`)
        if (wanted.requestedW !== undefined) expect(found.requestedW, place).toBe(wanted.requestedW)
        if (wanted.node !== undefined) expect(found.bindingNodeId, place).toBe(wanted.node)
        if (wanted.availableW === null) expect(found.availableW, place).toBeNull()
        else if (wanted.availableW !== undefined)
          expect(Math.abs((found.availableW ?? Number.NaN) - wanted.availableW), place).toBeLessThanOrEqual(toleranceW)
        if (wanted.excessW !== undefined)
          expect(Math.abs(found.excessW - wanted.excessW), place).toBeLessThanOrEqual(toleranceW)
      }
  })
})

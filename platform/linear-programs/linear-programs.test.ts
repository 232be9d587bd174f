import { beforeAll, expect, test } from 'vitest'
import { type LinearProgram, loadHighs, optimal, ProgramBuilder, withProgram } from './index.ts'

let highs: Awaited<ReturnType<typeof loadHighs>>

beforeAll(async () => {
  highs = await loadHighs()
})

const solved = (program: LinearProgram) =>
  withProgram(highs, program, (solver) => {
    solver.run()
    const isOptimal = solver.getModelStatus() === optimal
    return { isOptimal, cost: solver.getObjectiveValue(), columns: [...solver.getSolution().colValue] }
  })

/** At least 7 of two things of 2 each, the first at 1 a piece and at most two of them, the second at 3 a piece. */
const twoThings = (isInteger: boolean) => {
  const builder = new ProgramBuilder()
  const cheap = builder.column({ cost: 1, upper: 2, isInteger })
  const dear = builder.column({ cost: 3, upper: Infinity, isInteger })
  builder.row(7, Infinity, [
    [cheap, 2],
    [dear, 2],
  ])
  return builder.build()
}

test('a program is solved with bounds that are infinite, and as it is stated: in parts, or in whole numbers', () => {
  // 2 cheap ones give 4; the other 3 take 1.5 dear ones, or 2 whole ones.
  expect(solved(twoThings(false))).toEqual({ isOptimal: true, cost: 6.5, columns: [2, 1.5] })
  expect(solved(twoThings(true))).toEqual({ isOptimal: true, cost: 8, columns: [2, 2] })
})

test('a program comes out the same from rows first and from columns first, with its columns in the order of rows', () => {
  const byColumns = new ProgramBuilder()
  const rows = [byColumns.row(1, 5), byColumns.row(-Infinity, 3)] as const
  const first = byColumns.column({ cost: 1, upper: 9, entries: [[rows[1], 4]] })
  byColumns.enter(first, rows[0], 2)
  byColumns.column({ cost: 2, lower: -1, upper: 9, entries: [[rows[0], 6]] })

  const byRows = new ProgramBuilder()
  const [a, b] = [byRows.column({ cost: 1, upper: 9 }), byRows.column({ cost: 2, lower: -1, upper: 9 })]
  byRows.row(1, 5, [
    [a, 2],
    [b, 6],
  ])
  // Terms of one column are summed.
  byRows.row(-Infinity, 3, [
    [a, 1],
    [a, 3],
  ])
  expect(byColumns.build()).toEqual(byRows.build())
  const { starts, indices, values } = byRows.build()
  expect([[...starts], [...indices], [...values]]).toEqual([
    [0, 2, 3],
    [0, 1, 0],
    [2, 4, 6],
  ])
})

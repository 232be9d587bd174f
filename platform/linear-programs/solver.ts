import type { Highs, Model } from 'highs'
import * as highsModule from 'highs'
import type { LinearProgram } from './model.ts'

// The package's types describe its CommonJS form; this imports the ES module, whose default export is the loader.
const load = highsModule.default as unknown as () => Promise<Highs>

/** HiGHS's model status `kOptimal`. */
export const optimal = 7

/** A fresh HiGHS: a WebAssembly module with its own memory, about 10 MB. It blocks the thread that solves. */
export function loadHighs(): Promise<Highs> {
  return load()
}

/** Gives HiGHS a program, and frees its memory whatever becomes of it. */
export function withProgram<T>(highs: Highs, program: LinearProgram, use: (solver: Model) => T): T {
  const { starts, indices, values, integrality, ...bounds } = program
  const { numCols, numRows } = bounds
  const solver = highs.createModel({
    ...bounds,
    matrix: { numCols, numRows, format: 'csc', starts, indices, values },
    // With any integers HiGHS takes its way for mixed programs, which has no interior point.
    ...(integrality.includes(1) ? { integrality } : {}),
  })
  try {
    solver.options.set({ output_flag: false })
    return use(solver)
  } finally {
    solver.dispose()
  }
}

import { parentPort } from 'node:worker_threads'
import type { Highs } from 'highs'
import * as highsModule from 'highs'
import { type EnergyProblem, type EnergyResult, energyModel, energyResult } from './energy-model.ts'

/** A problem and the time that it may take, s. */
export interface EnergyTask {
  problem: EnergyProblem
  seconds: number
}

// The package's types describe its CommonJS form; this imports the ES module, whose default export is the loader.
const load = highsModule.default as unknown as () => Promise<Highs>
const highs = await load()

parentPort?.on('message', ({ problem, seconds }: EnergyTask) => parentPort?.postMessage(solve(problem, seconds)))

/** `null`: not solved in time. */
function solve(problem: EnergyProblem, seconds: number): EnergyResult | null {
  const solution = highs.solve(energyModel(problem), { output_flag: false, time_limit: seconds })
  if (solution.Status !== 'Optimal') return null
  const columns = solution.Columns as Record<string, { Primal?: number }>
  return energyResult(problem, (name) => columns[name]?.Primal ?? 0)
}

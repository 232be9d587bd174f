import { parentPort } from 'node:worker_threads'
import type { DayProblem } from '../algorithm/index.ts'
import { loadHighs } from './highs.ts'
import { type PartResult, solvePart } from './part.ts'

/** One part to solve within a number of seconds. */
export interface SolveTask {
  problem: DayProblem
  seconds: number
  /** Relative gap that is good enough. */
  gap: number
}

const highs = await loadHighs()

parentPort?.on('message', ({ problem, seconds, gap }: SolveTask) => {
  const result: PartResult = solvePart(highs, problem, seconds, gap)
  parentPort?.postMessage(result)
})

import { parentPort } from 'node:worker_threads'
import { loadHighs } from '../../../../platform/linear-programs/index.ts'
import type { DayProblem } from '../algorithm/index.ts'
import { type PartResult, solvePart } from './part.ts'
import { answerQuestions, type Difference, type Question } from './questions.ts'

/** One part to solve, or questions on a solved one. */
export type Task =
  | { kind: 'solve'; problem: DayProblem; gap: number }
  | { kind: 'ask'; problem: DayProblem; base: PartResult; questions: Question[] }

/** What a worker answers, by the kind of its task. */
export type AnswerTo<T extends Task> = T extends { kind: 'solve' } ? PartResult : (Difference | null)[]

/** A task and the wall-clock time it may take. */
export interface TimedTask {
  task: Task
  seconds: number
}

const highs = await loadHighs()

parentPort?.on('message', ({ task, seconds }: TimedTask) => {
  const result =
    task.kind === 'solve'
      ? solvePart(highs, task.problem, seconds, task.gap)
      : answerQuestions(highs, task.problem, task.base, task.questions, seconds)
  parentPort?.postMessage(result)
})

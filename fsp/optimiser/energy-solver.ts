import { Worker } from 'node:worker_threads'
import { answerOf } from '../../platform/workers/index.ts'
import type { EnergyProblem, EnergyResult } from './energy-model.ts'
import type { EnergyTask } from './energy-worker.ts'

/** Time that a plan may take, s: a depot of 100 vehicles over a night takes less than one; a minute's decision does not wait for more. */
const solveS = 5
/** How long past its time a worker that does not answer is waited for, s: it has to start. */
const overrunS = 10

/** Solves plans of energy with HiGHS in a thread of its own, so that the thread of the charge points never waits; one at a time. */
export class EnergySolver {
  #worker: Worker | null = null
  #turn: Promise<unknown> = Promise.resolve()

  /** The plan of least cost; `null` if it was not found in time. */
  solve(problem: EnergyProblem, seconds = solveS): Promise<EnergyResult | null> {
    const found = this.#turn.then(() => this.#solve({ problem, seconds }))
    this.#turn = found.catch(() => undefined)
    return found
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
    this.#worker = null
  }

  async #solve(task: EnergyTask): Promise<EnergyResult | null> {
    this.#worker ??= new Worker(new URL('./energy-worker.ts', import.meta.url))
    const answer = await answerOf<EnergyResult>(this.#worker, task, task.seconds + overrunS)
    // One that has failed or hangs is not asked again.
    if (answer === null) await this.close()
    return answer
  }
}

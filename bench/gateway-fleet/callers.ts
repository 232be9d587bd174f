import { setTimeout } from 'node:timers/promises'
import { LocalDate, ZoneId } from '@js-joda/core'
import { quantileMs, submit, submitterTokens } from '../support/submitting.ts'

/** Time between two calls: ten a second are the schedules of 10,000 FUs in an evening, three times over. */
const everyMs = 100
const kinds = ['baseline', 'deviation', 'availability'] as const

/** An FSP that submits schedules for the day after tomorrow, whose gates are open, at a steady pace, and how long the server takes for them. */
export class Callers {
  readonly #publicUrl: string
  readonly #fuIds: readonly string[]
  readonly #stop = new AbortController()
  #latencies: number[] = []
  #running: Promise<void> = Promise.resolve()

  constructor({ publicUrl, fuIds }: { publicUrl: string; fuIds: readonly string[] }) {
    this.#publicUrl = publicUrl
    this.#fuIds = fuIds
  }

  start(): void {
    this.#running = this.#run()
  }

  /** The time within which 95 of 100 calls since the last look were answered, ms; `null` if there were none. */
  takeP95Ms(): number | null {
    const taken = this.#latencies
    this.#latencies = []
    return taken.length === 0 ? null : quantileMs(taken, 0.95)
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  /** A call starts on time whatever became of those before it, as a caller's does. */
  async #run(): Promise<void> {
    const tokens = submitterTokens(this.#publicUrl)
    const day = LocalDate.now(ZoneId.UTC).plusDays(2).toString()
    const calls: Promise<void>[] = []
    for (let n = 0; !this.#stop.signal.aborted; n++) {
      const fuId = this.#fuIds[n % this.#fuIds.length] as string
      const kind = kinds[Math.floor(n / this.#fuIds.length) % kinds.length] as (typeof kinds)[number]
      const revision = 1 + Math.floor(n / (this.#fuIds.length * kinds.length))
      const token = await tokens.get()
      calls.push(
        submit(this.#publicUrl, token, { fuId, day, kind, revision }).then((ms) => void this.#latencies.push(ms)),
      )
      await setTimeout(everyMs, undefined, { signal: this.#stop.signal }).catch(() => undefined)
    }
    await Promise.all(calls)
  }
}

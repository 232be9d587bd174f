import { asc, eq, isNull, or, sql } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { messageOf } from '../../platform/errors/index.ts'
import type { ProcessState } from '../../schemas/fsp/processes.ts'
import { processHealth } from './tables.ts'

/** Something that runs again and again. */
export interface ProcessName {
  /** What it is: `feed`, `cycle`. */
  process: string
  /** Which one of its kind: a feed, or a depot. */
  subject: string
  /** `null`: it is for all depots. */
  depotId: string | null
}

/** What a run made. */
export interface RunFigures {
  /** Records taken, set points sent. */
  records: number
  /** Figures of its own, by name with unit. */
  figures?: Record<string, number>
}

/** A run as it went; `error` is `null` for one that succeeded. */
export interface RunOutcome extends RunFigures {
  durationMs: number
  error: string | null
  /** How many runs this stands for, of which the last one failed or none did; 1 unless stated. */
  runs?: number
}

/** Longest error that is kept: it is for people, who find the rest in the log. */
const longestError = 500

/** Health of what the FSP runs (H24): one row for each thing, with its last run. */
export class ProcessHealth {
  readonly #db: Database
  readonly #clock: Clock

  constructor({ db, clock }: { db: Database; clock: Clock }) {
    this.#db = db
    this.#clock = clock
  }

  /** Runs something and notes how it went; what it throws is noted and thrown on. */
  async run<T>(name: ProcessName, work: () => Promise<T>, figuresOf: (made: T) => RunFigures): Promise<T> {
    const startMs = performance.now()
    try {
      const made = await work()
      await this.note(name, { ...figuresOf(made), durationMs: performance.now() - startMs, error: null })
      return made
    } catch (error) {
      await this.note(name, { records: 0, durationMs: performance.now() - startMs, error: messageOf(error) })
      throw error
    }
  }

  /** Notes a run that has ended. */
  async note({ process, subject, depotId }: ProcessName, outcome: RunOutcome): Promise<void> {
    const { records, durationMs, error, figures = {}, runs = 1 } = outcome
    const at = this.#clock.now()
    const failed = error === null ? 0 : 1
    const said = {
      depotId,
      lastRunAt: at,
      lastDurationMs: durationMs,
      lastError: error?.slice(0, longestError) ?? null,
    }
    const succeeded = error === null ? { lastSuccessAt: at, lastRecords: records, figures } : {}
    const t = processHealth
    await this.#db
      .insert(t)
      .values({
        process,
        subject,
        lastRecords: 0,
        figures,
        runs,
        failures: failed,
        failuresInARow: failed,
        ...said,
        ...succeeded,
      })
      .onConflictDoUpdate({
        target: [t.process, t.subject],
        set: {
          ...said,
          ...succeeded,
          runs: sql`${t.runs} + ${runs}`,
          failures: sql`${t.failures} + ${failed}`,
          failuresInARow: error === null ? 0 : sql`${t.failuresInARow} + 1`,
        },
      })
  }

  /** What runs for a depot, and for all of them. */
  async list(depotId: string): Promise<ProcessState[]> {
    const rows = await this.#db
      .select()
      .from(processHealth)
      .where(or(eq(processHealth.depotId, depotId), isNull(processHealth.depotId)))
      .orderBy(asc(processHealth.process), asc(processHealth.subject))
    return rows.map(({ lastRunAt, lastSuccessAt, ...row }) => ({
      ...row,
      lastRunAt: lastRunAt.toString(),
      lastSuccessAt: lastSuccessAt?.toString() ?? null,
    }))
  }

  /** Forgets something that runs no longer. */
  async forget(process: string, subject: string): Promise<void> {
    await this.#db
      .delete(processHealth)
      .where(sql`${processHealth.process} = ${process} and ${processHealth.subject} = ${subject}`)
  }
}

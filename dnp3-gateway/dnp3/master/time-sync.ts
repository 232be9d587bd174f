/** Setting an outstation's clock, by the procedure that it takes. */
import { FunctionCode } from '../spec/functions.ts'
import { type ObjectSpec, objectSpec } from '../spec/objects.ts'
import type { Request } from './exchange.ts'
import { delayOf, type Run } from './operations.ts'
import { failure, LOST, type Outcome, success } from './outcome.ts'

/** `lan` records the moment and then tells its time (clause 10.3.3); `serial` measures the delay first (clause 10.3.2). */
export type TimeProcedure = 'lan' | 'serial'

/** Sets a clock by one procedure, or by the other where the outstation does not take it, and keeps to what has worked. */
export class TimeSync {
  private preferred: TimeProcedure

  constructor(preferred: TimeProcedure) {
    this.preferred = preferred
  }

  /** Resolves with the time that was written, or the failure of the procedure tried first. One that is named is tried alone. */
  async set(run: Run, now: () => number, procedure?: TimeProcedure): Promise<Outcome<{ timeMs: number }>> {
    if (procedure !== undefined) return PROCEDURES[procedure](run, now)
    const first = this.preferred
    const outcome = await PROCEDURES[first](run, now)
    if (outcome.ok || LOST.has(outcome.error.code)) return outcome
    const other = first === 'lan' ? 'serial' : 'lan'
    const second = await PROCEDURES[other](run, now)
    if (!second.ok) return outcome
    this.preferred = other
    return second
  }
}

function writeTime(variation: 1 | 3, timeMs: number): Request {
  const spec = objectSpec(50, variation) as ObjectSpec
  return {
    code: FunctionCode.write,
    build: (writer) => writer.count(50, variation, 1).record(spec, { time: timeMs }),
  }
}

/** Time over a LAN (clause 10.3.3): the outstation records the moment, then is told what time it was. */
async function lanTimeSync(run: Run, now: () => number): Promise<Outcome<{ timeMs: number }>> {
  let sentAt = now()
  const recorded = await run({
    code: FunctionCode.recordCurrentTime,
    onSent: () => {
      sentAt = now()
    },
  })
  if (!recorded.ok) return recorded
  const written = await run(writeTime(3, sentAt))
  return written.ok ? success({ timeMs: sentAt }) : written
}

/** Time over a slow line (clause 10.3.2): half of the measured round trip is added to the time written. */
async function serialTimeSync(run: Run, now: () => number): Promise<Outcome<{ timeMs: number }>> {
  let sentAt = now()
  let delayMs = Number.NaN
  let backAt = sentAt
  const measured = await run({
    code: FunctionCode.delayMeasure,
    onSent: () => {
      sentAt = now()
    },
    onFragment: (fragment) => {
      backAt = now()
      delayMs = delayOf(fragment)
    },
  })
  if (!measured.ok) return measured
  if (Number.isNaN(delayMs)) return failure('unexpected-objects', 'the response to delay measurement has no time delay')
  const timeMs = Math.round(now() + Math.max(0, (backAt - sentAt - delayMs) / 2))
  const written = await run(writeTime(1, timeMs))
  return written.ok ? success({ timeMs }) : written
}

const PROCEDURES = { lan: lanTimeSync, serial: serialTimeSync } as const

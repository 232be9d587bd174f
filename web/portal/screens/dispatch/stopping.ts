import type { InstructionState, InstructionSummary } from '../../../../schemas/dispatch/instructions.ts'
import { count, power } from '../../../shared/format/power.ts'

/** States in which an instruction may be in effect, or come into effect. */
const live: ReadonlySet<InstructionState> = new Set(['planned', 'sent', 'acknowledged', 'unknown'])

/** What a stop would end: turn-downs and turn-ups that hold now or later, at one FSP or (`null`) at all. */
export function endedBy(instructions: readonly InstructionSummary[], fspId: string | null, now: number) {
  const covered = instructions.filter(
    (i) =>
      live.has(i.state) &&
      (fspId === null || i.fspId === fspId) &&
      i.intervals.some((interval) => interval.turnDownW !== 0 && Date.parse(interval.to) > now),
  )
  const starts = covered.flatMap((i) => i.intervals.map((interval) => Math.max(Date.parse(interval.from), now)))
  const at = (ms: number) =>
    covered
      .flatMap((i) => i.intervals)
      .filter((interval) => Date.parse(interval.from) <= ms && ms < Date.parse(interval.to))
      .reduce((sum, interval) => sum + Math.abs(interval.turnDownW), 0)
  return {
    turnDowns: covered.length,
    fsps: new Set(covered.map((i) => i.fspId)).size,
    /** The most turn-down that would be lost at any one time, W. */
    mostW: Math.max(0, ...starts.map(at)),
  }
}

/** The consequence of a stop in figures: `Ends 12 turn-downs, 1.40 MW, at 3 FSPs.` */
export function stopInWords({ turnDowns, fsps, mostW }: ReturnType<typeof endedBy>): string {
  if (turnDowns === 0) return 'No turn-down is in effect or planned today; none will start until the stop is lifted.'
  return `Ends ${count(turnDowns, 'turn-down')}, up to ${power(mostW)} at a time, at ${count(fsps, 'FSP')}. None will start until the stop is lifted.`
}

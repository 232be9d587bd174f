import type { UnitConstraints } from '../../../schemas/market/parties.ts'
import type { leastTurnDownSettings } from '../../../schemas/settings/dispatch.ts'
import type { ValuesOf } from '../../../schemas/vocabulary/setting.ts'
import { type Direction, directionOf } from '../../../schemas/vocabulary/units.ts'
import type { Capability } from '../../market/index.ts'
import { type Run, runsIn, type UnitRules } from '../optimisation/algorithm/index.ts'

const quarterMinutes = 15

const quarters = (minutes: number) => minutes / quarterMinutes

/** A run as long as this has no upper limit: it is longer than any day. */
const endlessMinutes = 1_500

/** The figures of the least turn-down in force. */
export type LeastTurnDown = ValuesOf<typeof leastTurnDownSettings>

/**
 * The least that an FU with constraints is turned down while it is turned down at all, W: as its FSP states, otherwise by the DNO's
 * setting; never more than its capability.
 */
export function leastTurnDownW(
  { minimumTurnDownW }: Pick<UnitConstraints, 'minimumTurnDownW'>,
  capabilityW: number,
  { capabilityShare, atLeastW }: LeastTurnDown,
): number {
  const wantedW = minimumTurnDownW > 0 ? minimumTurnDownW : Math.max(capabilityShare * capabilityW, atLeastW)
  return Math.min(wantedW, capabilityW)
}

/** The least W of an FU in the direction in which something is asked of it. */
export type LeastOf = Record<Direction, number>

/** The least that an FU with constraints gives in each direction, W. */
export function leastOf(
  limits: Pick<UnitConstraints, 'minimumTurnDownW'>,
  { maxTurnDownW, maxTurnUpW }: Capability,
  figures: LeastTurnDown,
): LeastOf {
  return {
    'turn-down': leastTurnDownW(limits, maxTurnDownW, figures),
    'turn-up': leastTurnDownW(limits, maxTurnUpW, figures),
  }
}

/** The limits on the runs of an FU, in quarter-hours, over a number of them. */
export function runRules(
  limits: UnitConstraints,
  periods: number,
): Pick<UnitRules, 'minimumRun' | 'maximumRun' | 'rest' | 'activations'> {
  const { minimumRunMinutes, maximumRunMinutes, minimumRestMinutes = 0, activationsPerDay } = limits
  return {
    minimumRun: quarters(minimumRunMinutes),
    maximumRun: maximumRunMinutes >= endlessMinutes ? periods : Math.min(periods, quarters(maximumRunMinutes)),
    rest: Math.max(1, quarters(minimumRestMinutes)),
    activations: Math.min(activationsPerDay, periods),
  }
}

/** How many quarter-hours back and ahead of a day the constraints of FUs reach: their runs, rests and rebound. */
export function reachOf(limits: readonly (UnitConstraints | null)[], most: number): { back: number; ahead: number } {
  const reach = { back: 0, ahead: 0 }
  for (const each of limits) {
    if (!each) continue
    const { minimumRun, maximumRun, rest } = runRules(each, most + 1)
    const rebound = each.rebound ? quarters(each.rebound.delayMinutes + each.rebound.overMinutes) : 0
    const run = maximumRun > most ? minimumRun : maximumRun
    reach.back = Math.min(most, Math.max(reach.back, run, rest, rebound, 1))
    reach.ahead = Math.min(most, Math.max(reach.ahead, run, rest, rebound, 1))
  }
  return reach
}

/** A limit that a series of turn-downs breaks: the quarter-hour at which it shows, and how a person reads it. */
export interface LimitFlaw {
  period: number
  message: string
  /** Of a run that is too short: the quarter-hours in which it begins, after which it ends, and up to which it must last. */
  short?: { from: number; end: number; least: number }
}

/**
 * The limits that the turn-downs of an FU break over everything issued to it and asked of it, in quarter-hours that may begin on the day
 * before and end on the day after. Only what concerns a quarter-hour of the day itself is named.
 */
export function limitFlaws(
  limits: UnitConstraints,
  totalW: readonly number[],
  day: { from: number; end: number },
  least: LeastOf,
): LimitFlaw[] {
  const { minimumRun, maximumRun, rest, activations } = runRules(limits, totalW.length)
  const isOfDay = ({ from, end }: Run) => end > day.from && from < day.end
  const runs = directedRuns(totalW)
  const flaws: LimitFlaw[] = []
  for (const [i, run] of runs.entries()) {
    const [length, before] = [run.end - run.from, runs[i - 1]]
    // A turn-up may follow a turn-down at once, where the FU needs no rest.
    const mustRest = before?.way === run.way ? rest : quarters(limits.minimumRestMinutes ?? 0)
    const flaw = (message: string, at = run.from, more: Pick<LimitFlaw, 'short'> = {}) =>
      flaws.push({ period: Math.min(Math.max(at, day.from), day.end - 1), message, ...more })
    const begun = runs.filter(({ from }) => from >= day.from && from < day.end && from <= run.from).length
    if (isOfDay(run) && length < minimumRun && run.end < totalW.length && run.from > 0)
      flaw(`makes a run of ${minutes(length)}; the FU must run for at least ${minutes(minimumRun)}`, run.from, {
        short: { from: run.from, end: run.end, least: run.from + minimumRun },
      })
    if (isOfDay(run) && length > maximumRun)
      flaw(
        `makes a run of ${minutes(length)}; the FU may run for at most ${minutes(maximumRun)}`,
        run.from + maximumRun,
      )
    if (before && run.from >= day.from && before.from < day.end && run.from - before.end < mustRest)
      flaw(
        `begins ${minutes(run.from - before.end)} after the previous ${before.way}; the FU must rest for at least ${minutes(mustRest)}`,
      )
    if (run.from >= day.from && run.from < day.end && begun > activations)
      flaw(`begins ${run.way} number ${begun} of the day; the FU allows ${activations} a day`)
  }
  for (let t = day.from; t < day.end; t++) {
    const w = Math.abs(totalW[t] as number)
    const leastW = least[directionOf(totalW[t] as number)]
    if (w > 0 && w < leastW) flaws.push({ period: t, message: `asks for ${w} W; the FU gives at least ${leastW} W` })
  }
  return flaws
}

/** The runs of a series in order; one ends where the direction changes. */
function directedRuns(totalW: readonly number[]): (Run & { way: Direction })[] {
  const down = runsIn(totalW.map((w) => w > 0)).map((run) => ({ ...run, way: 'turn-down' as const }))
  const up = runsIn(totalW.map((w) => w < 0)).map((run) => ({ ...run, way: 'turn-up' as const }))
  return up.length === 0 ? down : [...down, ...up].sort((a, b) => a.from - b.from)
}

function minutes(periods: number): string {
  return `${periods * quarterMinutes} min`
}

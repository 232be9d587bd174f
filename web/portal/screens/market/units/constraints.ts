import type { z } from 'zod'
import type { statedConstraints, UnitConstraints } from '../../../../../schemas/market/parties.ts'

/** Constraints as their form holds them: text, and empty where there is none. */
export interface ConstraintsDraft {
  minimumTurnDownKw: string
  minimumRunMinutes: string
  maximumRunMinutes: string
  minimumRestMinutes: string
  noticeMinutes: string
  activationsPerDay: string
  activationsPerContract: string
  /** The share of the energy that returns, per cent; without it nothing does. */
  reboundPercent: string
  reboundDelayMinutes: string
  reboundOverMinutes: string
}

/** What each field of minutes may hold: whole quarter-hours of a range. */
export const minuteRanges = {
  minimumRunMinutes: [15, 1_440],
  maximumRunMinutes: [15, 1_500],
  minimumRestMinutes: [0, 1_440],
  noticeMinutes: [0, 2_880],
  reboundDelayMinutes: [15, 1_440],
  reboundOverMinutes: [15, 1_440],
} as const satisfies Partial<Record<keyof ConstraintsDraft, readonly [number, number]>>

/** What an FU keeps to as its form shows it: what does not bind is empty. */
export function draftOf(limits: UnitConstraints | null): ConstraintsDraft {
  const text = (value: number | null | undefined, none: number) =>
    value === null || value === undefined || value === none ? '' : String(value)
  const rebound = limits?.rebound ?? null
  return {
    minimumTurnDownKw: text(limits && limits.minimumTurnDownW / 1_000, 0),
    minimumRunMinutes: text(limits?.minimumRunMinutes, 15),
    maximumRunMinutes: text(limits?.maximumRunMinutes, 1_500),
    minimumRestMinutes: text(limits?.minimumRestMinutes, 0),
    noticeMinutes: text(limits?.noticeMinutes, 0),
    activationsPerDay: text(limits?.activationsPerDay, 100),
    activationsPerContract: text(limits?.activationsPerContract, 0),
    reboundPercent: rebound === null ? '' : String(Math.round(rebound.share * 1_000) / 10),
    reboundDelayMinutes: text(rebound?.delayMinutes, 0),
    reboundOverMinutes: text(rebound?.overMinutes, 0),
  }
}

/** The draft as the API takes it, or what is wrong, by field. */
export function readConstraints(draft: ConstraintsDraft): {
  given: z.input<typeof statedConstraints> | null
  faults: ReadonlyMap<string, string>
} {
  const faults = new Map<string, string>()
  const number = (field: keyof ConstraintsDraft, isFit: (value: number) => boolean, fault: string) => {
    const typed = draft[field].trim()
    if (typed === '') return undefined
    const value = Number(typed)
    if (isFit(value)) return value
    faults.set(field, fault)
    return undefined
  }
  const minutes = (field: keyof typeof minuteRanges) => {
    const [least, most] = minuteRanges[field]
    const isFit = (value: number) => value % 15 === 0 && value >= least && value <= most
    return number(field, isFit, `Enter whole quarter-hours, ${least} to ${most} min.`)
  }
  const runs = (field: 'activationsPerDay' | 'activationsPerContract', most: number) =>
    number(field, (value) => Number.isInteger(value) && value >= 1 && value <= most, 'Enter a whole number from 1 on.')
  const leastKw = number('minimumTurnDownKw', (value) => value >= 0 && value <= 1e6, 'Enter a power in kW.')
  const [run, longest] = [minutes('minimumRunMinutes'), minutes('maximumRunMinutes')]
  if (run !== undefined && longest !== undefined && run > longest)
    faults.set('maximumRunMinutes', 'It cannot be shorter than the minimum run.')
  const limits = {
    ...given('minimumTurnDownW', leastKw === undefined ? undefined : Math.round(leastKw * 1_000)),
    ...given('minimumRunMinutes', run),
    ...given('maximumRunMinutes', longest),
    ...given('minimumRestMinutes', minutes('minimumRestMinutes')),
    ...given('noticeMinutes', minutes('noticeMinutes')),
    ...given('activationsPerDay', runs('activationsPerDay', 100)),
    ...given('activationsPerContract', runs('activationsPerContract', 1e6)),
    ...given('rebound', readRebound()),
  }
  if (faults.size > 0) return { given: null, faults }
  return { given: { limits: Object.keys(limits).length === 0 ? null : limits }, faults }

  function readRebound() {
    const percent = number('reboundPercent', (value) => value >= 0 && value <= 100, 'Enter 0 to 100 %.')
    const [delayMinutes, overMinutes] = [minutes('reboundDelayMinutes'), minutes('reboundOverMinutes')]
    if (percent === undefined) return undefined
    for (const field of ['reboundDelayMinutes', 'reboundOverMinutes'] as const)
      if (draft[field].trim() === '') faults.set(field, 'State it, since some of the energy returns.')
    if (delayMinutes === undefined || overMinutes === undefined) return undefined
    return { share: percent / 100, delayMinutes, overMinutes }
  }
}

/** A member that is stated; one that is not is no constraint. */
function given<K extends string, T>(name: K, value: T | undefined): { [N in K]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { [N in K]?: T }
}

/** The means of a quarter-hour of one day, W. */
export interface DayQuarter {
  day: string
  /** Local time. */
  time: string
  buildingW: number
  evLoadW: number | null
  headroomW: number
  capacityW: number
}

/** The means of a time of day over several days, W. */
export interface MeanOfTime extends Omit<DayQuarter, 'day'> {
  days: number
  demandW: number | null
}

/** Means by time of day: each day counts once, however many of its minutes were recorded. In order of time. */
export function meansByTime(quarters: readonly DayQuarter[]): MeanOfTime[] {
  const byTime = [...Map.groupBy(quarters, ({ time }) => time)].sort(([a], [b]) => (a < b ? -1 : 1))
  return byTime.map(([time, own]) => {
    const loads = own.flatMap(({ evLoadW }) => (evLoadW === null ? [] : [evLoadW]))
    const buildingW = meanOf(own.map((each) => each.buildingW))
    const evLoadW = loads.length === 0 ? null : meanOf(loads)
    return {
      time,
      days: new Set(own.map(({ day }) => day)).size,
      buildingW,
      evLoadW,
      demandW: evLoadW === null ? null : buildingW + evLoadW,
      headroomW: meanOf(own.map((each) => each.headroomW)),
      capacityW: meanOf(own.map((each) => each.capacityW)),
    }
  })
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

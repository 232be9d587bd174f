import type { Assessment } from '../../../../schemas/grid/profiles.ts'
import type { Series } from '../../../shared/chart/series.ts'
import { instantOfLocal } from '../../../shared/format/time.ts'

type Cell = Assessment['cells'][number]

/** A day without a clock change that stands for a cell on the time axis. */
export function dayOfCell({ season, dayType, day }: Cell): string {
  if (day) return day
  const [weekday, weekend] = season === 'winter' ? ['2026-01-15', '2026-01-17'] : ['2026-07-15', '2026-07-18']
  return dayType === 'weekday' ? weekday : weekend
}

/** Requested, present and available power of a cell as lines. Where the request is over what is available it is shaded red. */
export function cellSeries(cell: Cell): Series[] {
  const day = dayOfCell(cell)
  const points = (of: (period: Cell['periods'][number]) => number | null) => {
    const steps = cell.periods.map((period) => {
      const value = of(period)
      return { x: Date.parse(instantOfLocal(`${day}T${period.from}`)), y: value === null ? null : value / 1_000 }
    })
    const last = steps.at(-1)
    return last ? [...steps, { x: last.x + 30 * 60_000, y: last.y }] : steps
  }
  const available: Series = {
    label: 'Available at the tightest node',
    colour: 'text',
    stepped: true,
    width: 1.6,
    points: points((period) => period.availableW).filter((point) => point.y !== null),
  }
  const requested: Series = {
    label: 'Applied for',
    colour: 'accent',
    stepped: true,
    width: 1.8,
    points: points((period) => period.requestedW),
    ...(available.points.length > 0 ? { headroomTo: available } : {}),
  }
  const present: Series = {
    label: 'Current',
    colour: 'secondary',
    stepped: true,
    dashed: true,
    points: points((period) => period.presentW),
  }
  return [requested, available, present]
}

import type { SubmittedSchedule } from '../../../../../schemas/market/submissions.ts'
import { resolutionMinutes } from '../../../../../schemas/vocabulary/units.ts'
import type { Series } from '../../../../shared/chart/series.ts'
import { fixed } from '../../../../shared/format/power.ts'
import { submissionWords } from './submission-words.ts'

function numbers({ kind, values }: SubmittedSchedule): number[] {
  return values.map((value) => Number(value) / submissionWords[kind].per)
}

/** A submitted schedule as a stepped line; a baseline is dashed, as forecasts are everywhere. */
export function scheduleSeries(schedule: SubmittedSchedule): Series[] {
  const stepMs = resolutionMinutes[schedule.resolution] * 60_000
  const start = Date.parse(schedule.start)
  const points = numbers(schedule).map((y, i) => ({ x: start + i * stepMs, y }))
  const last = points.at(-1)
  return [
    {
      label: submissionWords[schedule.kind].word,
      colour: 'accent',
      stepped: true,
      dashed: schedule.kind === 'baseline',
      width: 1.8,
      points: last ? [...points, { x: last.x + stepMs, y: last.y }] : points,
    },
  ]
}

/** A submitted schedule in one line: between what and what. */
export function scheduleInWords(schedule: SubmittedSchedule): string {
  const { word, unit } = submissionWords[schedule.kind]
  const values = numbers(schedule)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const span =
    low === high ? `${fixed(low, 1)} ${unit} all day` : `between ${fixed(low, 1)} and ${fixed(high, 1)} ${unit}`
  return `${word}, revision ${schedule.revision}: ${span}.`
}

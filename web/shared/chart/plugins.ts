import type { Chart, Plugin } from 'chart.js'
import type { Token } from '../theme.ts'
import type { Band, Point, Series } from './series.ts'

/** What is drawn over and under the lines. Held by the component and changed in place; the plugin reads it at each drawing. */
export interface Overlay {
  series: readonly Series[]
  bands: readonly Band[]
  /** Spans marked in red along the time axis: breaches. */
  faults: readonly { from: number; to: number }[]
  clockChanges: readonly { at: number; label: string }[]
  now: number | null
  pointer: number | null
  colours: Record<Token, string>
}

function pixel(chart: Chart, x: number): number {
  return chart.scales['x']?.getPixelForValue(x) ?? 0
}

function hairline(chart: Chart, x: number, colour: string, dash: number[], label?: string): void {
  const { ctx, chartArea } = chart
  const left = Math.round(pixel(chart, x)) + 0.5
  if (left < chartArea.left || left > chartArea.right) return
  ctx.save()
  ctx.strokeStyle = colour
  ctx.setLineDash(dash)
  ctx.lineWidth = 1
  ctx.beginPath()
  ctx.moveTo(left, chartArea.top)
  ctx.lineTo(left, chartArea.bottom)
  ctx.stroke()
  if (label) {
    const atRight = left > chartArea.right - 90
    ctx.fillStyle = colour
    ctx.textAlign = atRight ? 'right' : 'left'
    ctx.textBaseline = 'top'
    ctx.fillText(label, left + (atRight ? -4 : 4), chartArea.top + 2)
  }
  ctx.restore()
}

function band(chart: Chart, { from, to, label }: Band, colour: string): void {
  const { ctx, chartArea } = chart
  const left = Math.max(pixel(chart, from), chartArea.left)
  const right = Math.min(pixel(chart, to), chartArea.right)
  if (right <= left) return
  ctx.save()
  ctx.fillStyle = colour
  ctx.globalAlpha = 0.1
  ctx.fillRect(left, chartArea.top, right - left, chartArea.bottom - chartArea.top)
  ctx.globalAlpha = 1
  ctx.fillRect(left, chartArea.top, right - left, 2)
  if (ctx.measureText(label).width + 8 < right - left) {
    ctx.textAlign = 'center'
    ctx.textBaseline = 'top'
    ctx.fillText(label, (left + right) / 2, chartArea.top + 20)
  }
  ctx.restore()
}

/** Runs of points without a break. */
function runsOf(points: readonly Point[]): { x: number; y: number }[][] {
  const runs: { x: number; y: number }[][] = [[]]
  for (const { x, y } of points) {
    if (y === null) runs.push([])
    else runs.at(-1)?.push({ x, y })
  }
  return runs.filter((run) => run.length > 1)
}

/** Traces a stepped line through the plot's width, and closes it along the plot's top or bottom edge. */
function sideOf(chart: Chart, limit: Series, edge: number): Path2D {
  const y = chart.scales['y']
  const path = new Path2D()
  let before: number | null = null
  path.moveTo(chart.chartArea.left, edge)
  for (const point of limit.points) {
    const [left, top] = [pixel(chart, point.x), y?.getPixelForValue(point.y ?? 0) ?? 0]
    path.lineTo(left, before ?? top)
    path.lineTo(left, top)
    before = top
  }
  path.lineTo(chart.chartArea.right, before ?? edge)
  path.lineTo(chart.chartArea.right, edge)
  path.closePath()
  return path
}

/** Shades between a line and its limit: quietly where the line is under it, in red where it is over. */
function headroom(chart: Chart, series: Series, limit: Series, colours: Record<Token, string>): void {
  const { ctx, chartArea } = chart
  const y = chart.scales['y']
  if (!y) return
  const sides = [
    { edge: chartArea.bottom, far: chartArea.top, colour: colours.accent, alpha: 0.09 },
    { edge: chartArea.top, far: chartArea.bottom, colour: colours.red, alpha: 0.4 },
  ]
  for (const { edge, far, colour, alpha } of sides) {
    ctx.save()
    ctx.clip(sideOf(chart, limit, edge))
    ctx.fillStyle = colour
    ctx.globalAlpha = alpha
    for (const run of runsOf(series.points)) {
      ctx.beginPath()
      ctx.moveTo(pixel(chart, run[0]?.x ?? 0), far)
      let before: number | null = null
      for (const point of run) {
        const [left, top] = [pixel(chart, point.x), y.getPixelForValue(point.y)]
        if (series.stepped && before !== null) ctx.lineTo(left, before)
        ctx.lineTo(left, top)
        before = top
      }
      ctx.lineTo(pixel(chart, run.at(-1)?.x ?? 0), far)
      ctx.fill()
    }
    ctx.restore()
  }
}

/** Shades between two lines whose points stand at the same places; nothing where either of them is not known. */
function spread(chart: Chart, low: Series, high: Series, colour: string): void {
  const { ctx } = chart
  const y = chart.scales['y']
  if (!y) return
  ctx.save()
  ctx.fillStyle = colour
  ctx.globalAlpha = 0.16
  for (const [i, { x, y: bottom }] of low.points.entries()) {
    const [top, next] = [high.points[i]?.y ?? null, low.points[i + 1]]
    if (bottom === null || top === null || !next) continue
    const [left, right] = [pixel(chart, x), pixel(chart, next.x)]
    const [from, to] = [y.getPixelForValue(top), y.getPixelForValue(bottom)]
    ctx.fillRect(left, from, right - left, to - from)
  }
  ctx.restore()
}

/** Draws bands beneath the lines, and above them faults, clock changes, the pointer and the present. */
export function overlayPlugin(overlay: Overlay): Plugin<'line'> {
  return {
    id: 'overlay',
    beforeDatasetsDraw(chart) {
      const { ctx } = chart
      ctx.save()
      ctx.font = `11px ${getComputedStyle(document.body).fontFamily}`
      const plain = chart as unknown as Chart
      for (const each of overlay.series) if (each.headroomTo) headroom(plain, each, each.headroomTo, overlay.colours)
      for (const each of overlay.series)
        if (each.spreadTo) spread(plain, each, each.spreadTo, overlay.colours[each.colour])
      for (const each of overlay.bands) band(plain, each, overlay.colours.secondary)
      ctx.restore()
    },
    afterDatasetsDraw(chart) {
      const { ctx, chartArea } = chart
      const plain = chart as unknown as Chart
      ctx.save()
      ctx.font = `11px ${getComputedStyle(document.body).fontFamily}`
      ctx.fillStyle = overlay.colours.red
      for (const { from, to } of overlay.faults) {
        const left = Math.max(pixel(plain, from), chartArea.left)
        const width = Math.max(2, Math.min(pixel(plain, to), chartArea.right) - left)
        ctx.fillRect(left, chartArea.bottom - 4, width, 4)
      }
      for (const { at, label } of overlay.clockChanges) hairline(plain, at, overlay.colours.secondary, [2, 3], label)
      if (overlay.pointer !== null) hairline(plain, overlay.pointer, overlay.colours.secondary, [])
      if (overlay.now !== null) hairline(plain, overlay.now, overlay.colours.text, [4, 3], 'now')
      ctx.restore()
    },
  }
}

import { useComputedColorScheme } from '@mantine/core'
import {
  Chart,
  type ChartDataset,
  type ChartOptions,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
} from 'chart.js'
import { useEffect, useRef, useState } from 'react'
import { fixed } from '../format/power.ts'
import { type Token, tokens } from '../theme.ts'
import styles from './line-chart.module.css'
import { type Overlay, overlayPlugin } from './plugins.ts'
import { type Band, type Point, type Series, valueAt } from './series.ts'

Chart.register(LineController, LineElement, PointElement, LinearScale)

/** What runs from left to right. */
export interface ChartAxis {
  from: number
  to: number
  /** Where the axis is marked, for a chart of so many pixels. */
  ticksFor: (width: number) => number[]
  /** What a mark of the axis reads. */
  tickText: (x: number) => string
  /** What the legend calls a place that is pointed at: `17:30`. */
  placeText: (x: number) => string
}

export interface LineChartProps {
  axis: ChartAxis
  /** The chart in one line of words: what a reader who does not see it gets. */
  summary: string
  series: readonly Series[]
  bands?: readonly Band[]
  faults?: readonly { from: number; to: number }[]
  clockChanges?: Overlay['clockChanges']
  /** The present on the axis, drawn as a hairline; `null` where it is not on it. */
  now: number | null
  unit: string
  height: number
}

type Colours = Record<Token, string>

function tinted(colour: string, alpha: number): string {
  return `color-mix(in srgb, ${colour} ${alpha}%, transparent)`
}

/** `color-mix` resolved to what a canvas of any browser takes. */
function resolved(colour: string): string {
  const probe = document.createElement('span')
  probe.style.color = colour
  document.body.append(probe)
  const computed = getComputedStyle(probe).color
  probe.remove()
  return computed
}
function datasetOf(series: Series, colours: Colours): ChartDataset<'line', Point[]> {
  const colour = colours[series.colour]
  const { doubtful } = series
  return {
    label: series.label,
    data: [...series.points],
    parsing: false,
    borderColor: colour,
    borderWidth: series.width ?? 1.5,
    borderDash: series.dashed ? [5, 4] : [],
    stepped: series.stepped ? 'before' : false,
    pointRadius: 0,
    pointHitRadius: 0,
    tension: 0,
    ...(doubtful && {
      segment: {
        borderColor: (segment) => {
          const point = series.points[segment.p1DataIndex]
          return point && doubtful(point) ? colours.violet : undefined
        },
        borderDash: (segment) => {
          const point = series.points[segment.p1DataIndex]
          return point && doubtful(point) ? [3, 3] : undefined
        },
      },
    }),
  } as ChartDataset<'line', Point[]>
}

function optionsOf(axis: ChartAxis, unit: string, colours: Colours): ChartOptions<'line'> {
  const grid = { color: resolved(tinted(colours.line, 70)), tickColor: colours.line }
  const ticks = { color: colours.secondary, font: { size: 11 } }
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    events: [],
    layout: { padding: { top: 4, right: 8 } },
    scales: {
      x: {
        type: 'linear',
        min: axis.from,
        max: axis.to,
        grid,
        border: { color: colours.line },
        ticks: { ...ticks, autoSkip: false, maxRotation: 0, callback: (value) => axis.tickText(Number(value)) },
        afterBuildTicks: (scale) => {
          scale.ticks = axis.ticksFor(scale.chart.width).map((value) => ({ value }))
        },
      },
      y: {
        type: 'linear',
        beginAtZero: true,
        grace: '8%',
        grid,
        border: { display: false },
        ticks: {
          ...ticks,
          maxTicksLimit: 7,
          callback: (value, _, all) => fixed(Number(value), axisDecimals(all.map((tick) => tick.value))),
        },
        title: { display: true, text: unit, color: colours.secondary, font: { size: 11 } },
      },
    },
  }
}

/** As many decimals as tell neighbouring ticks apart. */
function axisDecimals([first = 0, second = first + 1]: readonly number[]): number {
  return Math.abs(second - first) >= 1 ? 0 : Math.abs(second - first) >= 0.1 ? 1 : 2
}

const noBands: readonly Band[] = []
const noSpans: NonNullable<LineChartProps['faults']> = []
const noChanges: Overlay['clockChanges'] = []

/** Lines over an axis, limits among them, bands for what is in force, faults along the axis, and the present. */
export function LineChart({
  axis,
  summary,
  series,
  bands = noBands,
  faults = noSpans,
  clockChanges = noChanges,
  now,
  unit,
  height,
}: LineChartProps) {
  const colours: Colours = tokens[useComputedColorScheme('light')]
  const canvas = useRef<HTMLCanvasElement>(null)
  const chart = useRef<Chart<'line', Point[]> | null>(null)
  const overlay = useRef<Overlay>({
    series: [],
    bands: [],
    faults: [],
    clockChanges: [],
    now: null,
    pointer: null,
    colours,
  })
  const [pointer, setPointer] = useState<number | null>(null)

  useEffect(() => {
    if (!canvas.current) return
    const made = new Chart<'line', Point[]>(canvas.current, {
      type: 'line',
      data: { datasets: [] },
      options: optionsOf(axis, unit, colours),
      plugins: [overlayPlugin(overlay.current)],
    })
    chart.current = made
    return () => {
      chart.current = null
      made.destroy()
    }
  }, [axis, unit, colours])

  useEffect(() => {
    if (!chart.current) return
    chart.current.data.datasets = series.map((each) => datasetOf(each, colours))
    Object.assign(overlay.current, { series, bands, faults, clockChanges, colours })
    overlay.current.now = now
    chart.current.update('none')
  }, [series, bands, faults, clockChanges, now, colours])

  useEffect(() => {
    overlay.current.pointer = pointer
    chart.current?.draw()
  }, [pointer])

  const at = pointer ?? now
  return (
    <figure className={styles.figure}>
      <Legend series={series} bands={bands} at={at} pointed={pointer !== null} unit={unit} axis={axis} />
      <div
        className={styles.canvas}
        style={{ height }}
        onPointerMove={(event) => setPointer(placeUnder(event.clientX, chart.current))}
        onPointerLeave={() => setPointer(null)}
      >
        <canvas ref={canvas} role="img" aria-label={summary} />
      </div>
      <figcaption className={styles.summary}>{summary}</figcaption>
    </figure>
  )
}

function placeUnder(clientX: number, chart: Chart<'line', Point[]> | null): number | null {
  const axis = chart?.scales['x']
  if (!chart || !axis) return null
  const x = axis.getValueForPixel(clientX - chart.canvas.getBoundingClientRect().left)
  return x === undefined || x < axis.min || x > axis.max ? null : x
}

interface LegendProps {
  series: readonly Series[]
  bands: readonly Band[]
  at: number | null
  pointed: boolean
  unit: string
  axis: ChartAxis
}

/** Names the lines and reads their values at the pointer, or now. */
function Legend({ series, bands, at, pointed, unit, axis }: LegendProps) {
  return (
    <div className={styles.legend}>
      {series.map((each) => {
        const value = at === null ? null : valueAt(each, at)
        return (
          <span key={each.label} className={styles.entry}>
            <svg viewBox="0 0 20 8" className={styles.swatch} aria-hidden="true">
              <path
                d={each.stepped ? 'M0 6H8V2H20' : 'M0 6 7 3 13 5 20 1'}
                fill="none"
                stroke={`var(--rm-${each.colour})`}
                strokeWidth={each.width ?? 1.5}
                strokeDasharray={each.dashed ? '4 3' : undefined}
              />
            </svg>
            {each.label}
            {value !== null && (
              <strong>
                {fixed(value, 1)} {unit}
              </strong>
            )}
          </span>
        )
      })}
      {bands.length > 0 && (
        <span className={styles.entry}>
          <span className={styles.bandSwatch} aria-hidden="true" />
          Turn-down instructed
        </span>
      )}
      {at !== null && (
        <span className={styles.at}>{pointed ? `at ${axis.placeText(at)}` : `now, ${axis.placeText(at)}`}</span>
      )}
    </div>
  )
}

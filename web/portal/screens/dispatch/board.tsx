import { type CSSProperties, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { DispatchBoard } from '../../../../schemas/dispatch/board.ts'
import { useNow } from '../../../shared/clock.ts'
import { Glyph } from '../../../shared/components/mark.tsx'
import { kw, kwDigits } from '../../../shared/format/power.ts'
import { timeOfDay } from '../../../shared/format/time.ts'
import styles from './board.module.css'
import { askedW, type BoardPeriod, type BoardRow, columnSums, fellShort, periodInWords, standingOf } from './board.ts'

/** Up to so many columns each is wide enough for figures. */
const wideColumns = 40

interface BoardProps {
  board: DispatchBoard
  /** Columns shown, `[first, end)`. */
  first: number
  end: number
  selected: { fuId: string | undefined; from: string | undefined }
  /** Opens a quarter-hour of an FU, or with `null` the FU itself. */
  onOpen: (fuId: string, from: string | null) => void
}

/**
 * FUs by quarter-hours. A cell's outline is the turn-down asked, its filling what was delivered, the sign below it how the instruction
 * stands. One stop for the keyboard; arrows move within, Enter opens.
 */
export function Board({ board, first, end, selected, onOpen }: BoardProps) {
  const { rows } = board
  const keys = useCellKeys({ rows: rows.length, first, end }, (row, column) => {
    const period = rows[row]?.periods[column]
    if (rows[row] && period) onOpen(rows[row].fuId, period.from)
  })
  const columns = end - first
  const scroller = useScrollToPresent(board, first, end)
  return (
    <section
      ref={scroller}
      className={styles.scroller}
      aria-label="Dispatch board"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <div
        className={styles.board}
        style={{ '--columns': columns } as CSSProperties}
        data-wide={columns <= wideColumns || undefined}
      >
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that the arrow keys move in is a grid */}
        <table ref={keys.grid} role="grid" aria-label="FUs by quarter-hours" onKeyDown={keys.onKeyDown}>
          <Head periods={rows[0]?.periods.slice(first, end) ?? []} />
          <tbody>
            {rows.map((row, i) => (
              <tr key={row.fuId}>
                <RowHead
                  row={row}
                  selected={row.fuId === selected.fuId && !selected.from}
                  onOpen={() => onOpen(row.fuId, null)}
                />
                {row.periods.slice(first, end).map((period, j) => (
                  <Cell
                    key={period.from}
                    row={row}
                    period={period}
                    at={board.at}
                    highestW={highestOf(row)}
                    place={`${i}:${first + j}`}
                    tabbable={keys.isStop(i, first + j)}
                    selected={row.fuId === selected.fuId && period.from === selected.from}
                    onOpen={() => keys.open(i, first + j)}
                  />
                ))}
              </tr>
            ))}
          </tbody>
          <Sums board={board} first={first} end={end} />
        </table>
        <NowLine from={rows[0]?.periods[first]?.from} to={rows[0]?.periods[end - 1]?.to} />
      </div>
    </section>
  )
}

/** Where the board is wider than the screen it opens with the present in view. */
function useScrollToPresent(board: DispatchBoard, first: number, end: number) {
  const scroller = useRef<HTMLElement>(null)
  const periods = board.rows[0]?.periods.slice(first, end) ?? []
  const column = periods.findIndex((p) => p.to > board.at)
  const current = column > 0 && periods[0] && periods[0].from <= board.at ? column : 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another day or range is shown, not with each quarter-hour
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const head = element.querySelectorAll('thead th')[current]
    element.scrollLeft = current === 0 || !(head instanceof HTMLElement) ? 0 : head.offsetLeft - element.clientWidth / 2
  }, [board.tradingDay, first, end])
  return scroller
}

/** The top of an FU's own scale: large and small FUs are both to be read. */
function highestOf(row: BoardRow): number {
  return Math.max(1, ...row.periods.map((p) => Math.max(askedW(p) ?? 0, p.contractedW ?? 0, p.deliveredW ?? 0)))
}

type Bounds = { rows: number; first: number; end: number }

/** Where each key leads from a cell. */
const targets: Record<string, (row: number, column: number, bounds: Bounds) => [row: number, column: number]> = {
  ['ArrowRight']: (row, column) => [row, column + 1],
  ['ArrowLeft']: (row, column) => [row, column - 1],
  ['ArrowDown']: (row, column) => [row + 1, column],
  ['ArrowUp']: (row, column) => [row - 1, column],
  ['Home']: (row, _, { first }) => [row, first],
  ['End']: (row, _, { end }) => [row, end - 1],
}

/** Moving by keyboard among cells marked `data-cell="row:column"`: one of them is the tab stop. */
function useCellKeys(bounds: Bounds, onOpen: (row: number, column: number) => void) {
  const [stop, setStop] = useState({ row: 0, column: bounds.first })
  const grid = useRef<HTMLTableElement>(null)
  const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)
  const at = {
    row: clamp(stop.row, 0, bounds.rows - 1),
    column: clamp(stop.column, bounds.first, bounds.end - 1),
  }
  const move = (row: number, column: number) => {
    const next = { row: clamp(row, 0, bounds.rows - 1), column: clamp(column, bounds.first, bounds.end - 1) }
    setStop(next)
    grid.current?.querySelector<HTMLElement>(`[data-cell="${next.row}:${next.column}"]`)?.focus()
  }
  const open = (row: number, column: number) => {
    setStop({ row, column })
    onOpen(row, column)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const cell = (event.target as HTMLElement).dataset['cell']
    if (!cell) return
    const [row = 0, column = 0] = cell.split(':').map(Number)
    const target = targets[event.key]
    if (target) move(...target(row, column, bounds))
    else if (event.key === 'Enter' || event.key === ' ') open(row, column)
    else return
    event.preventDefault()
  }
  return { grid, onKeyDown, open, isStop: (row: number, column: number) => at.row === row && at.column === column }
}

function Head({ periods }: { periods: readonly BoardPeriod[] }) {
  return (
    <thead>
      <tr>
        <th scope="col" className={styles.unit} data-plain>
          FU
        </th>
        {periods.map((period) => {
          const time = timeOfDay(period.from)
          const hour =
            time.slice(3, 5) === '00' && (periods.length <= wideColumns || Number(time.slice(0, 2)) % 2 === 0)
          return (
            <th key={period.from} scope="col" data-hour={hour || undefined}>
              <span className={hour ? styles.time : 'rm-sr-only'}>{time}</span>
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

function RowHead({ row, selected, onOpen }: { row: BoardRow; selected: boolean; onOpen: () => void }) {
  const version = row.selected === 'manual' ? row.manualVersion : row.optimisedVersion
  const schedule = row.selected === null ? 'no schedule live' : `${row.selected} v${version}`
  return (
    <th scope="row" className={styles.unit} data-selected={selected || undefined}>
      <button type="button" className={styles.opener} onClick={onOpen} title={`${row.fuName}, ${row.fspName}`}>
        <strong className={styles.name}>{row.fuName}</strong>
        <span className={styles.detail}>
          {!row.inService && <Glyph shape="cross" tone="risk" />}
          {row.inService ? schedule : 'out of service'}
        </span>
      </button>
    </th>
  )
}

interface CellProps {
  row: BoardRow
  period: BoardPeriod
  at: string
  highestW: number
  place: string
  tabbable: boolean
  selected: boolean
  onOpen: () => void
}

function share(valueW: number, highestW: number): string {
  return `${Math.min(100, Math.max(0, (valueW / highestW) * 100))}%`
}

function Cell({ row, period, at, highestW, place, tabbable, selected, onOpen }: CellProps) {
  const asked = askedW(period)
  const standing = standingOf(row, period, at)
  const words = periodInWords(row, period, at)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys for its cells
    <td
      className={styles.cell}
      data-cell={place}
      data-selected={selected || undefined}
      tabIndex={tabbable ? 0 : -1}
      aria-label={words}
      title={words}
      onClick={onOpen}
    >
      <span className={styles.bars} data-contracted={period.contractedW !== null || undefined}>
        {asked !== null && <span className={styles.asked} style={{ height: share(asked, highestW) }} />}
        {period.deliveredW !== null && (
          <span
            className={styles.delivered}
            style={{ height: share(period.deliveredW, highestW) }}
            data-short={fellShort(period) || undefined}
          />
        )}
      </span>
      <span className={styles.sign}>{standing && <Glyph shape={standing.shape} tone={standing.tone} />}</span>
    </td>
  )
}

function Sums({ board, first, end }: { board: DispatchBoard; first: number; end: number }) {
  const periods = board.rows[0]?.periods.slice(first, end) ?? []
  return (
    <tfoot>
      <tr>
        <th scope="row" className={styles.unit} data-plain>
          <span className={styles.name}>All FUs, kW</span>
          <span className={styles.detail}>asked / delivered</span>
        </th>
        {periods.map((period, i) => {
          const { askedW: asked, deliveredW } = columnSums(board.rows, first + i)
          const words = `All FUs ${timeOfDay(period.from)}: ${asked === null ? 'nothing' : kw(asked)} asked, ${deliveredW === null ? 'not known what was' : kw(deliveredW)} delivered`
          return (
            <td key={period.from} className={styles.sum} title={words}>
              <span>{asked === null ? '' : kwDigits(asked, 0)}</span>
              <span className={styles.sumDelivered}>{deliveredW === null ? '' : kwDigits(deliveredW, 0)}</span>
            </td>
          )
        })}
      </tr>
    </tfoot>
  )
}

/** The present, as a hairline over the columns. */
function NowLine({ from, to }: { from: string | undefined; to: string | undefined }) {
  const now = useNow()
  if (!from || !to) return null
  const passed = (now - Date.parse(from)) / (Date.parse(to) - Date.parse(from))
  if (passed < 0 || passed > 1) return null
  return <span aria-hidden className={styles.now} style={{ '--share': passed } as CSSProperties} />
}

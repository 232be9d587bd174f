import { type CSSProperties, useEffect, useRef } from 'react'
import type { DispatchBoard } from '../../../../schemas/dispatch/board.ts'
import styles from './board.module.css'
import { Cell, Head, highestOf, NowLine, RowHead, Sums, wideColumns } from './board-cells.tsx'
import { useCellKeys } from './board-keys.ts'

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

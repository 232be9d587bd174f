import { type KeyboardEvent, useRef, useState } from 'react'

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
export function useCellKeys(bounds: Bounds, onOpen: (row: number, column: number) => void) {
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

import {
  type ColumnDef,
  createSortedRowModel,
  metaHelper,
  type Row,
  type RowData,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import styles from './data-table.module.css'
import { Nothing } from './notice.tsx'

interface ColumnMeta {
  /** Numbers stand right-aligned with tabular figures. */
  align?: 'right'
  /** Left out where the table has less room: `medium` under 560 px, `wide` under 900 px. */
  from?: 'medium' | 'wide'
  /** Text that may take several lines. */
  wrap?: boolean
}

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  columnMeta: metaHelper<ColumnMeta>(),
})

type Table<T extends RowData> = ReturnType<typeof useTable<typeof features, T>>

/** A column of a `DataTable`. `accessorFn` is what it sorts by, `cell` what it shows. */
export type Column<T extends RowData> = ColumnDef<typeof features, T>

/** From this many rows on only those in view are in the document. */
const virtualFrom = 150
const rowHeight = 32

interface DataTableProps<T extends RowData> {
  /** What the table holds, for those who do not see it. */
  label: string
  rows: readonly T[]
  columns: Column<T>[]
  rowKey: (row: T) => string
  /** Opens what a row stands for. */
  onOpen?: (row: T) => void
  /** The row whose details are open. */
  selectedKey?: string | undefined
  /** Order at first; without it the order in which rows are given. */
  sorting?: SortingState
  /** Takes another order where the rows are only some of those that there are, so that the server sorts; `sorting` is then the present order. */
  onSorting?: (sorting: SortingState) => void
  empty: ReactNode
}

/** A dense table, sortable by its heads, one click (or Enter) to open a row; long ones draw only what is in view. */
export function DataTable<T extends RowData>(props: DataTableProps<T>) {
  const { rows, columns, rowKey, sorting, onSorting } = props
  const table = useTable({
    features,
    data: rows as T[],
    columns,
    getRowId: rowKey,
    enableSortingRemoval: sorting === undefined,
    ...(onSorting
      ? {
          manualSorting: true,
          state: { sorting: sorting ?? [] },
          onSortingChange: (change: SortingState | ((before: SortingState) => SortingState)) =>
            onSorting(typeof change === 'function' ? change(sorting ?? []) : change),
        }
      : { initialState: { sorting: sorting ?? [] } }),
  })
  const model = table.getRowModel().rows
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = model.length > virtualFrom
  const virtualizer = useVirtualizer({
    count: virtual ? model.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const seen = virtualizer.getVirtualItems()
  const shown = virtual ? seen.flatMap((item) => model[item.index] ?? []) : model
  const above = virtual ? (seen[0]?.start ?? 0) : 0
  const below = virtual ? virtualizer.getTotalSize() - (seen.at(-1)?.end ?? 0) : 0
  if (rows.length === 0) return <Nothing>{props.empty}</Nothing>
  return (
    <section
      ref={scroller}
      className={styles.scroller}
      data-virtual={virtual || undefined}
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <table className={styles.table} aria-rowcount={model.length}>
        <TableHead table={table} />
        <tbody>
          {above > 0 && <Spacer height={above} columns={columns.length} />}
          {shown.map((row) => (
            <TableRow key={row.id} row={row} selected={row.id === props.selectedKey} onOpen={props.onOpen}>
              {row.getAllCells().map((cell) => (
                <td
                  key={cell.id}
                  data-align={cell.column.columnDef.meta?.align}
                  data-from={cell.column.columnDef.meta?.from}
                  data-wrap={cell.column.columnDef.meta?.wrap}
                >
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </TableRow>
          ))}
          {below > 0 && <Spacer height={below} columns={columns.length} />}
        </tbody>
      </table>
    </section>
  )
}

/** The heads of the columns; those that can be sorted by are buttons. */
function TableHead<T extends RowData>({ table }: { table: Table<T> }) {
  return (
    <thead>
      {table.getHeaderGroups().map((group) => (
        <tr key={group.id}>
          {group.headers.map((header) => {
            const sorted = header.column.getIsSorted()
            const { align, from } = header.column.columnDef.meta ?? {}
            return (
              <th
                key={header.id}
                scope="col"
                data-align={align}
                data-from={from}
                aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : undefined}
              >
                {header.column.getCanSort() ? (
                  <button type="button" className={styles.sort} onClick={header.column.getToggleSortingHandler()}>
                    <table.FlexRender header={header} />
                    <span aria-hidden className={styles.order}>
                      {sorted === 'asc' ? '↑' : sorted === 'desc' ? '↓' : ''}
                    </span>
                  </button>
                ) : (
                  <table.FlexRender header={header} />
                )}
              </th>
            )
          })}
        </tr>
      ))}
    </thead>
  )
}

function Spacer({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={columns} className={styles.spacer} style={{ height }} />
    </tr>
  )
}

interface TableRowProps<T extends RowData> {
  row: Row<typeof features, T>
  selected: boolean
  onOpen: ((row: T) => void) | undefined
  children: ReactNode
}

function TableRow<T extends RowData>({ row, selected, onOpen, children }: TableRowProps<T>) {
  if (!onOpen) return <tr>{children}</tr>
  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>) => {
    if (event.target !== event.currentTarget) return
    const next =
      event.key === 'ArrowDown' ? 'nextElementSibling' : event.key === 'ArrowUp' ? 'previousElementSibling' : null
    if (event.key === 'Enter') onOpen(row.original)
    else if (next) (event.currentTarget[next] as HTMLElement | null)?.focus()
    else return
    event.preventDefault()
  }
  return (
    <tr
      className={styles.openable}
      data-selected={selected || undefined}
      aria-current={selected || undefined}
      tabIndex={0}
      onClick={(event) => {
        // A link or button within the row does its own thing.
        if (!(event.target as Element).closest('a, button, input')) onOpen(row.original)
      }}
      onKeyDown={onKeyDown}
    >
      {children}
    </tr>
  )
}

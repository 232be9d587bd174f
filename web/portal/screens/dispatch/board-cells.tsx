import type { CSSProperties } from 'react'
import type { DispatchBoard } from '../../../../schemas/dispatch/board.ts'
import { useNow } from '../../../shared/clock.ts'
import { Glyph } from '../../../shared/components/mark.tsx'
import { kw, kwDigits } from '../../../shared/format/power.ts'
import { timeOfDay } from '../../../shared/format/time.ts'
import styles from './board.module.css'
import { askedW, type BoardPeriod, type BoardRow, columnSums, fellShort, periodInWords, standingOf } from './board.ts'

/** Up to this many columns each is wide enough for figures. */
export const wideColumns = 40

/** The top of an FU's own scale: large and small FUs are both to be read. */
export function highestOf(row: BoardRow): number {
  return Math.max(1, ...row.periods.map((p) => Math.max(askedW(p) ?? 0, p.contractedW ?? 0, p.deliveredW ?? 0)))
}

/** The hours over the columns. */
export function Head({ periods }: { periods: readonly BoardPeriod[] }) {
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

/** The name of an FU, and which of its schedules is live. */
export function RowHead({ row, selected, onOpen }: { row: BoardRow; selected: boolean; onOpen: () => void }) {
  const version = row.selected === 'manual' ? row.manualVersion : row.optimisedVersion
  const schedule = row.selected === null ? 'no schedule live' : `${row.selected} v${version}`
  return (
    <th scope="row" className={styles.unit} data-selected={selected || undefined}>
      <button type="button" className={styles.opener} onClick={onOpen} title={`${row.fuName}, ${row.fspName}`}>
        <strong className={styles.name}>{row.fuName}</strong>
        <span className={styles.detail}>
          {row.isStopped && <Glyph shape="bar" tone="risk" />}
          {!row.inService && <Glyph shape="cross" tone="risk" />}
          {row.isStopped ? 'stopped' : row.inService ? schedule : 'out of service'}
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

/** A quarter-hour of an FU: what was asked, what was delivered, and how its instruction stands. */
export function Cell({ row, period, at, highestW, place, tabbable, selected, onOpen }: CellProps) {
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

/** What was asked of all FUs, and what they delivered. */
export function Sums({ board, first, end }: { board: DispatchBoard; first: number; end: number }) {
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
          const words = `All FUs ${timeOfDay(period.from)}: ${asked === null ? 'nothing' : kw(asked)} asked, ${deliveredW === null ? 'delivery not known' : `${kw(deliveredW)} delivered`}`
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
export function NowLine({ from, to }: { from: string | undefined; to: string | undefined }) {
  const now = useNow()
  if (!from || !to) return null
  const passed = (now - Date.parse(from)) / (Date.parse(to) - Date.parse(from))
  if (passed < 0 || passed > 1) return null
  return <span aria-hidden className={styles.now} style={{ '--share': passed } as CSSProperties} />
}

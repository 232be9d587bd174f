import { count } from '../../../shared/format/power.ts'
import { dayInWords } from '../../../shared/format/time.ts'
import type { UnitRow } from './completeness.ts'
import styles from './metering.module.css'

/** A column a day, as high as the day is metered; what is missing is hatched. */
export function Strip({ row }: { row: Pick<UnitRow, 'days' | 'lacking'> }) {
  const summary =
    row.lacking.length === 0
      ? `${count(row.days.length, 'day')}, all metered`
      : `${row.lacking.length} of ${count(row.days.length, 'day')} with gaps`
  return (
    <span className={styles.strip} role="img" aria-label={summary}>
      {row.days.map((day) => (
        <span
          key={day.day}
          className={styles.day}
          title={`${dayInWords(day.day)}: ${day.metered} of ${day.periods} quarter-hours`}
        >
          <span style={{ height: `${(day.metered / day.periods) * 100}%` }} />
        </span>
      ))}
    </span>
  )
}

import type { ComplianceDay } from '../../../schemas/grid/compliance.ts'
import { Glyph } from '../components/mark.tsx'
import { dayInWords, shortDay } from '../format/time.ts'
import { complianceWords } from '../format/words.ts'
import { dayParts, daysInWords, everyDay } from './compliance-days.ts'
import styles from './day-strip.module.css'

/** Days as columns, each split by how long it was in which state; what is not right stands at the bottom. */
export function DayStrip({ days: given, from, to }: { days: readonly ComplianceDay[]; from: string; to: string }) {
  const days = everyDay(given, from, to)
  const summary = daysInWords(days)
  return (
    <figure className={styles.figure}>
      <div className={styles.strip} role="img" aria-label={summary}>
        {days.map((day) => {
          const parts = dayParts(day)
          return (
            <span
              key={day.tradingDay}
              className={styles.day}
              title={`${dayInWords(day.tradingDay)}: ${parts.map((part) => part.words).join(', ') || 'not monitored'}`}
            >
              {parts.map(({ state, share }) => (
                <span key={state} data-state={state} style={{ height: `${share * 100}%` }} />
              ))}
            </span>
          )
        })}
      </div>
      <div className={styles.ends} aria-hidden="true">
        <span>{shortDay(from)}</span>
        <span className={styles.key}>
          {(['breach', 'at-risk', 'unknown', 'compliant'] as const).map((state) => (
            <span key={state}>
              <Glyph shape={complianceWords[state].shape} tone={complianceWords[state].tone} />
              {complianceWords[state].word}
            </span>
          ))}
        </span>
        <span>{shortDay(to)}</span>
      </div>
      <figcaption>{summary}</figcaption>
    </figure>
  )
}

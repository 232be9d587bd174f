import type { ComplianceDay } from '../../../../schemas/compliance.ts'
import { Glyph } from '../../../shared/components/mark.tsx'
import { dayInWords, shortDay } from '../../../shared/format/time.ts'
import { complianceWords } from '../../../shared/format/words.ts'
import { dayParts, daysInWords } from './compliance-days.ts'
import styles from './day-strip.module.css'

/** Days as columns, each split by how long it was in which state; what is not right stands at the bottom. */
export function DayStrip({ days }: { days: readonly ComplianceDay[] }) {
  const summary = daysInWords(days)
  const [first, last] = [days[0], days.at(-1)]
  return (
    <figure className={styles.figure}>
      <div className={styles.strip} role="img" aria-label={summary}>
        {days.map((day) => {
          const parts = dayParts(day)
          return (
            <span
              key={day.tradingDay}
              className={styles.day}
              title={`${dayInWords(day.tradingDay)}: ${parts.map((part) => part.words).join(', ') || 'not watched'}`}
            >
              {parts.map(({ state, share }) => (
                <span key={state} data-state={state} style={{ height: `${share * 100}%` }} />
              ))}
            </span>
          )
        })}
      </div>
      {first && last && (
        <div className={styles.ends} aria-hidden="true">
          <span>{shortDay(first.tradingDay)}</span>
          <span className={styles.key}>
            {(['breach', 'at-risk', 'unknown', 'compliant'] as const).map((state) => (
              <span key={state}>
                <Glyph shape={complianceWords[state].shape} tone={complianceWords[state].tone} />
                {complianceWords[state].word}
              </span>
            ))}
          </span>
          <span>{shortDay(last.tradingDay)}</span>
        </div>
      )}
      <figcaption>{summary}</figcaption>
    </figure>
  )
}

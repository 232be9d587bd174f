import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useToday } from '../../../../shared/clock.ts'
import { Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { count } from '../../../../shared/format/power.ts'
import { addDays, dayInWords, daySpanInWords } from '../../../../shared/format/time.ts'
import { unitCompletenessQuery } from '../../../settlement-queries.ts'
import { gapSpans, rowsOf } from '../completeness.ts'
import styles from '../metering.module.css'
import { Strip } from '../strip.tsx'

/** How many days that have ended are shown. */
const shownDays = 31

/** How much of each of the last days is metered; a day with gaps opens above. */
export function Completeness({ fuId, fuName }: { fuId: string; fuName: string }) {
  const today = useToday()
  const query = useQuery(unitCompletenessQuery(fuId, addDays(today, -shownDays), addDays(today, -1)))
  return (
    <Section title={`The last ${shownDays} days`}>
      <Loaded query={query}>
        {(days) => {
          const [row] = rowsOf([{ fuId, fuName, days }])
          const fromHub = days.reduce((sum, day) => sum + day.fromHub, 0)
          if (!row) return null
          return (
            <>
              <Strip row={row} />
              <p>
                {row.missing === 0
                  ? 'Every quarter-hour is metered.'
                  : `${count(row.missing, 'quarter-hour')} on ${count(row.lacking.length, 'day')} are not metered.`}
                {fromHub > 0 && ` The hub measured ${count(fromHub, 'quarter-hour')} for which the FSP sent nothing.`}
              </p>
              {row.lacking.length > 0 && (
                <ul className={styles.days} style={{ maxWidth: 480 }}>
                  {gapSpans(row.lacking)
                    .toReversed()
                    .map(({ from, to, missing }) => (
                      <li key={from}>
                        <Link from="/metering/$fuId" to="." search={(s) => ({ ...s, day: from })}>
                          {from === to ? dayInWords(from) : daySpanInWords(from, to)}
                        </Link>
                        <span className="rm-number">
                          {missing === null ? 'nothing metered' : `${count(missing, 'quarter-hour')} missing`}
                          {missing !== null && from !== to && ' each'}
                        </span>
                      </li>
                    ))}
                </ul>
              )}
            </>
          )
        }}
      </Loaded>
    </Section>
  )
}

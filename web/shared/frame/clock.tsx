import { useNow } from '../clock.ts'
import { dayInWords, dayOf, timeWithSeconds, utc, zoneOf } from '../format/time.ts'
import styles from './top-bar.module.css'

/** Trading day and local time, by the server's clock. */
export function Clock() {
  const now = useNow()
  return (
    <span className={styles.clock} title={utc(now)}>
      <span className={styles.day}>{dayInWords(dayOf(now))}</span>
      <time dateTime={new Date(now).toISOString()}>
        {timeWithSeconds(now)} <span className={styles.zone}>{zoneOf(now)}</span>
      </time>
    </span>
  )
}

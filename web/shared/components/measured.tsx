import type { FlowDirection } from '../../../schemas/grid/connections.ts'
import type { Quality } from '../../../schemas/grid/measurements.ts'
import { useNow } from '../clock.ts'
import { kwDigits } from '../format/power.ts'
import { dayAndTime, dayOf, duration, utc } from '../format/time.ts'
import { qualityWords } from '../format/words.ts'
import { Glyph } from './mark.tsx'
import styles from './measured.module.css'

/** How long ago an instant was; its local time and UTC on hover. */
export function Age({ at }: { at: string }) {
  const now = useNow()
  const title = `${dayAndTime(at, dayOf(now))} local, ${utc(at)}`
  return (
    <time dateTime={at} title={title} className={styles.age}>
      {duration(now - Date.parse(at))}
    </time>
  )
}

interface Reading {
  digits: string
  unit: string
  at: string
  quality: Quality
  /** Older than its source may be: the value fades and says since when. */
  stale: boolean
}

/** A measured value as every screen shows it: value, unit, age and quality. */
export function Measured({ digits, unit, at, quality, stale }: Reading) {
  const trusted = quality === 'good'
  return (
    <span className={styles.measured} data-stale={stale || undefined}>
      {!trusted && (
        <span className={styles.quality}>
          <Glyph shape="dashed" tone="doubt" />
          <span className={styles.word}>{qualityWords[quality].word}</span>
        </span>
      )}
      <span className={styles.value}>{digits}</span>
      <span className={styles.unit}>{unit}</span>
      <span className={styles.age}>
        {'· '}
        {stale ? 'old, ' : ''}
        <Age at={at} />
      </span>
    </span>
  )
}

/** A measured import in kW; a dash where nothing has been measured yet. */
export function MeasuredPower({
  given,
}: {
  given: {
    importW: number
    at: string
    quality: Quality
    stale: boolean
    direction?: FlowDirection | undefined
  } | null
}) {
  if (!given) return <span className={styles.none}>No data yet</span>
  const { direction, ...measured } = given
  return (
    <>
      <Measured digits={kwDigits(given.importW)} unit="kW" {...measured} />
      {direction === 'unknown' && <span className={styles.none}> direction unknown</span>}
    </>
  )
}

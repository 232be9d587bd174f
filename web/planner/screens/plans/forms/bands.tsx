import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { daysInWords } from '../words.ts'
import styles from './forms.module.css'

/** A price at some times of the week, as it is entered. */
export interface Band {
  days: number[]
  from: string
  to: string
  pencePerKwh: string
}

const usualDays: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4, 5, 6],
  [0, 1, 2, 3, 4],
  [5, 6],
]

interface BandsProps {
  label: string
  hint?: ReactNode
  fault: string | null
  bands: readonly Band[]
  onChange: (bands: Band[]) => void
}

/** Prices of electricity at some times; a later one counts where two overlap. */
export function Bands({ label, hint, fault, bands, onChange }: BandsProps) {
  const set = (at: number, change: Partial<Band>) =>
    onChange(bands.map((band, i) => (i === at ? { ...band, ...change } : band)))
  return (
    <fieldset className={styles.group}>
      <legend>{label}</legend>
      {hint && <div className={styles.hint}>{hint}</div>}
      {bands.map((band, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bands have no identity but their place
        <div key={i} className={styles.band}>
          <Fields>
            <DaysChoice label={`Days of price ${i + 1}`} days={band.days} onChange={(days) => set(i, { days })} />
            <Field
              label={`Price ${i + 1} from`}
              type="time"
              step={1_800}
              hint="On a half-hour."
              value={band.from}
              onChange={(event) => set(i, { from: event.currentTarget.value })}
            />
            <Field
              label={`Price ${i + 1} until`}
              type="time"
              step={1_800}
              hint="At or before the start means: until the next day."
              // A browser's field has no 24:00; as an end, 00:00 says the same.
              value={band.to === '24:00' ? '00:00' : band.to}
              onChange={(event) => set(i, { to: event.currentTarget.value })}
            />
            <Field
              label={`Price ${i + 1}`}
              unit="p/kWh"
              inputMode="decimal"
              value={band.pencePerKwh}
              onChange={(event) => set(i, { pencePerKwh: event.currentTarget.value })}
            />
          </Fields>
          <div>
            <Button onClick={() => onChange(bands.filter((_, other) => other !== i))}>Remove price {i + 1}</Button>
          </div>
        </div>
      ))}
      {fault && (
        <div className={styles.fault} role="alert">
          {fault}
        </div>
      )}
      <div>
        <Button
          onClick={() =>
            onChange([...bands, { days: [0, 1, 2, 3, 4, 5, 6], from: '00:00', to: '07:00', pencePerKwh: '' }])
          }
        >
          Add a price
        </Button>
      </div>
    </fieldset>
  )
}

function DaysChoice({
  label,
  days,
  onChange,
}: {
  label: string
  days: readonly number[]
  onChange: (days: number[]) => void
}) {
  const usual = usualDays.some((each) => each.join() === days.join()) ? usualDays : [...usualDays, days]
  return (
    <Choice
      label={label}
      value={days.join()}
      onChange={(event) => onChange(event.currentTarget.value.split(',').map(Number))}
    >
      {usual.map((each) => (
        <option key={each.join()} value={each.join()}>
          {daysInWords(each)}
        </option>
      ))}
    </Choice>
  )
}

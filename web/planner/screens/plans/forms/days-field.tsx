import { type ReactNode, useId } from 'react'
import { dayNames } from '../words.ts'
import styles from './forms.module.css'

interface DaysFieldProps {
  label: string
  hint?: ReactNode
  fault: string | null
  /** 0 is Monday. */
  days: readonly number[]
  onChange: (days: number[]) => void
}

/** Days of the week, each with its box. */
export function DaysField({ label, hint, fault, days, onChange }: DaysFieldProps) {
  const id = useId()
  return (
    <fieldset className={styles.group} aria-describedby={hint ? `${id}-hint` : undefined}>
      <legend>{label}</legend>
      <div className={styles.days}>
        {dayNames.map((name, day) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={days.includes(day)}
              onChange={(event) =>
                onChange(
                  dayNames.flatMap((_, i) => ((i === day ? event.currentTarget.checked : days.includes(i)) ? i : [])),
                )
              }
            />{' '}
            {name}
          </label>
        ))}
      </div>
      {fault && (
        <div className={styles.fault} role="alert">
          {fault}
        </div>
      )}
      {hint && (
        <div id={`${id}-hint`} className={styles.hint}>
          {hint}
        </div>
      )}
    </fieldset>
  )
}

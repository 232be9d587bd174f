import { ActionIcon, Button } from '@mantine/core'
import { useRef } from 'react'
import { addDays, dayInWords } from '../format/time.ts'
import styles from './day-picker.module.css'

/** Chooses a trading day: the day before, the day after, any day, today. The day is shown in words, whatever the browser's language. */
export function DayPicker({ day, today, onChange }: { day: string; today: string; onChange: (day: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <span className={styles.picker}>
      <ActionIcon size={30} aria-label="Day before" onClick={() => onChange(addDays(day, -1))}>
        <Chevron path="M10 3 5 8l5 5" />
      </ActionIcon>
      <span className={styles.day}>
        <Button
          aria-label={`${dayInWords(day)}: choose another trading day`}
          onClick={() => input.current?.showPicker()}
        >
          {dayInWords(day)}
        </Button>
        <input
          ref={input}
          type="date"
          aria-hidden="true"
          tabIndex={-1}
          className={styles.input}
          value={day}
          onChange={(event) => event.currentTarget.value && onChange(event.currentTarget.value)}
        />
      </span>
      <ActionIcon size={30} aria-label="Day after" onClick={() => onChange(addDays(day, 1))}>
        <Chevron path="m6 3 5 5-5 5" />
      </ActionIcon>
      {day !== today && <Button onClick={() => onChange(today)}>Today</Button>}
    </span>
  )
}

function Chevron({ path }: { path: string }) {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.6" />
    </svg>
  )
}

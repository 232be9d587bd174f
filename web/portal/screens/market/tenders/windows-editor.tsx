import { ActionIcon, Button, Chip } from '@mantine/core'
import type { TenderWindow } from '../../../../../schemas/market/windows.ts'
import { quarterHourTimes } from '../../../../../schemas/vocabulary/time.ts'
import { weekday } from '../../../../../schemas/vocabulary/units.ts'
import { weekdayWords } from '../words.ts'
import styles from './windows-editor.module.css'

export interface DraftWindow {
  key: number
  weekdays: string[]
  from: string
  to: string
  requiredKw: string
}

let keys = 0

/** A window to begin with: one that is given, or the evening peak of working days. */
export function draftWindow(given?: TenderWindow): DraftWindow {
  if (given) return { key: keys++, ...given, requiredKw: String(given.requiredW / 1_000) }
  return { key: keys++, weekdays: weekday.options.slice(0, 5), from: '16:00', to: '20:00', requiredKw: '' }
}

interface WindowsEditorProps {
  windows: readonly DraftWindow[]
  faultOf: (index: number) => string | null
  onChange: (windows: DraftWindow[]) => void
  /** Whether each window states a turn-down that is needed; it does by default. */
  hasNeed?: boolean
}

/** Windows of a tender or a contract: days of the week, local hours and, for a tender, the turn-down needed in them. */
export function WindowsEditor({ windows, faultOf, onChange, hasNeed = true }: WindowsEditorProps) {
  const set = (i: number, change: Partial<DraftWindow>) =>
    onChange(windows.map((window, j) => (i === j ? { ...window, ...change } : window)))
  return (
    <div className={styles.editor}>
      {windows.map((window, i) => (
        <fieldset key={window.key} className={styles.window}>
          <legend className="rm-sr-only">Window {i + 1}</legend>
          <Chip.Group multiple value={window.weekdays} onChange={(weekdays) => set(i, { weekdays })}>
            <span className={styles.days}>
              {weekday.options.map((day) => (
                <Chip key={day} value={day} size="xs" variant="outline" radius="sm">
                  {weekdayWords[day]}
                </Chip>
              ))}
            </span>
          </Chip.Group>
          <span className={styles.hours}>
            <TimeChoice
              label="From"
              value={window.from}
              options={quarterHourTimes.slice(0, 96)}
              onChange={(from) => set(i, { from })}
            />
            to
            <TimeChoice
              label="To"
              value={window.to}
              options={quarterHourTimes.slice(1)}
              onChange={(to) => set(i, { to })}
            />
          </span>
          {hasNeed && (
            <span className={styles.hours}>
              <input
                className="rm-select"
                inputMode="decimal"
                aria-label="Turn-down needed, kW"
                size={8}
                value={window.requiredKw}
                onChange={(event) => set(i, { requiredKw: event.currentTarget.value })}
              />
              kW
            </span>
          )}
          {windows.length > 1 && (
            <ActionIcon
              aria-label={`Remove window ${i + 1}`}
              onClick={() => onChange(windows.filter((_, j) => j !== i))}
            >
              ×
            </ActionIcon>
          )}
          {faultOf(i) && (
            <span className={styles.fault} role="alert">
              {faultOf(i)}
            </span>
          )}
        </fieldset>
      ))}
      <span>
        <Button onClick={() => onChange([...windows, draftWindow()])}>Add a window</Button>
      </span>
    </div>
  )
}

interface TimeChoiceProps {
  label: string
  value: string
  options: readonly string[]
  onChange: (value: string) => void
}

function TimeChoice({ label, value, options, onChange }: TimeChoiceProps) {
  return (
    <select
      className="rm-select"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </select>
  )
}

import { ActionIcon, Button } from '@mantine/core'
import type { DraftStep } from './draft.ts'
import styles from './steps-editor.module.css'

const halfHours = Array.from(
  { length: 48 },
  (_, i) => `${String(Math.floor(i / 2)).padStart(2, '0')}:${i % 2 === 0 ? '00' : '30'}`,
)

interface StepsEditorProps {
  title: string
  steps: readonly DraftStep[]
  fault: string | undefined
  onChange: (steps: DraftStep[]) => void
}

/** The import limit over one type of day, as steps from a local time on. */
export function StepsEditor({ title, steps, fault, onChange }: StepsEditorProps) {
  const set = (i: number, change: Partial<DraftStep>) =>
    onChange(steps.map((step, j) => (i === j ? { ...step, ...change } : step)))
  const last = steps.at(-1)
  return (
    <fieldset className={styles.editor}>
      <legend>{title}</legend>
      {steps.map((step, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps have no identity but their place
        <div key={i} className={styles.step}>
          <select
            className="rm-select"
            aria-label={`${title}, step ${i + 1}: from`}
            value={step.from}
            disabled={i === 0}
            onChange={(event) => set(i, { from: event.currentTarget.value })}
          >
            {/* A limit from elsewhere may begin at any minute. */}
            {[...new Set([...halfHours, step.from])].sort().map((time) => (
              <option key={time}>{time}</option>
            ))}
          </select>
          <span className={styles.limit}>
            <input
              className="rm-select"
              inputMode="decimal"
              aria-label={`${title}, step ${i + 1}: limit, kW`}
              value={step.kw}
              onChange={(event) => set(i, { kw: event.currentTarget.value })}
            />
            kW
          </span>
          {i > 0 && (
            <ActionIcon
              aria-label={`${title}: remove step ${i + 1}`}
              onClick={() => onChange(steps.filter((_, j) => j !== i))}
            >
              ×
            </ActionIcon>
          )}
        </div>
      ))}
      {fault && (
        <span className={styles.fault} role="alert">
          {fault}
        </span>
      )}
      <span>
        <Button
          size="compact-xs"
          disabled={last?.from === '23:30'}
          onClick={() => onChange([...steps, { from: laterThan(last?.from), kw: last?.kw ?? '' }])}
        >
          Add a step
        </Button>
      </span>
    </fieldset>
  )
}

/** Two hours on, or what is left of the day. */
function laterThan(from = '00:00'): string {
  return halfHours[Math.min(47, halfHours.findIndex((time) => time >= from) + 4)] ?? '23:30'
}

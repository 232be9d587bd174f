import { ActionIcon, Button } from '@mantine/core'
import { type ClipboardEvent, useState } from 'react'
import { type DraftStep, gridOf, halfHours, laterThan, pasted, stepsOfGrid } from './steps.ts'
import styles from './steps-editor.module.css'

interface StepsEditorProps {
  title: string
  steps: readonly DraftStep[]
  fault: string | undefined
  onChange: (steps: DraftStep[]) => void
}

/** The import limit over one type of day: as steps from a local time on, or half-hour by half-hour. */
export function StepsEditor({ title, steps, fault, onChange }: StepsEditorProps) {
  const [byHalfHour, setByHalfHour] = useState(false)
  const grid = gridOf(steps)
  const asGrid = byHalfHour && grid !== null
  const last = steps.at(-1)
  return (
    <fieldset className={styles.editor}>
      <legend>{title}</legend>
      {asGrid ? (
        <Grid title={title} values={grid} onChange={(values) => onChange(stepsOfGrid(values))} />
      ) : (
        <StepList title={title} steps={steps} onChange={onChange} />
      )}
      {fault && (
        <span className={styles.fault} role="alert">
          {fault}
        </span>
      )}
      <span className={styles.actions}>
        {!asGrid && (
          <Button
            size="compact-xs"
            disabled={last?.from === '23:30'}
            onClick={() => onChange([...steps, { from: laterThan(last?.from), kw: last?.kw ?? '' }])}
          >
            Add a step
          </Button>
        )}
        <Button
          size="compact-xs"
          disabled={grid === null}
          title={grid === null ? 'A step does not start on a half-hour.' : undefined}
          onClick={() => setByHalfHour(!asGrid)}
        >
          {asGrid ? 'Show as steps' : 'Show by half-hour'}
        </Button>
      </span>
    </fieldset>
  )
}

function StepList({ title, steps, onChange }: Omit<StepsEditorProps, 'fault'>) {
  const set = (i: number, change: Partial<DraftStep>) =>
    onChange(steps.map((step, j) => (i === j ? { ...step, ...change } : step)))
  return steps.map((step, i) => (
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
  ))
}

interface GridProps {
  title: string
  values: readonly string[]
  onChange: (values: string[]) => void
}

/** 48 cells, an hour a line, that take a pasted column of a spreadsheet. */
function Grid({ title, values, onChange }: GridProps) {
  const onPaste = (at: number) => (event: ClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData.getData('text')
    if (!/\S\s+\S/.test(text)) return
    event.preventDefault()
    onChange(pasted(values, at, text))
  }
  return (
    <div className={styles.grid}>
      <span />
      <span>:00 kW</span>
      <span>:30 kW</span>
      {Array.from({ length: 24 }, (_, hour) => [2 * hour, 2 * hour + 1]).map(([first = 0, second = 0]) => [
        <span key={`${first} label`}>{halfHours[first]}</span>,
        ...[first, second].map((i) => (
          <input
            key={i}
            className="rm-select"
            inputMode="decimal"
            aria-label={`${title}, half-hour from ${halfHours[i]}: limit, kW`}
            value={values[i]}
            onPaste={onPaste(i)}
            onChange={(event) => onChange(values.map((value, j) => (i === j ? event.target.value : value)))}
          />
        )),
      ])}
    </div>
  )
}

import { Button } from '@mantine/core'
import { Choice, Field, Fields } from '../components/fields.tsx'
import { monthNames } from '../format/time.ts'
import styles from './day-sets.module.css'
import type { Draft, DraftException, DraftSeason } from './draft.ts'
import { StepsEditor } from './steps-editor.tsx'

interface SeasonEditorProps {
  season: DraftSeason
  faultOf: (field: string) => string | undefined
  onChange: (change: Partial<DraftSeason>) => void
  onRemove: () => void
}

/** A season: its name, its first and last day of the year, and its limits by type of day. */
export function SeasonEditor({ season, faultOf, onChange, onRemove }: SeasonEditorProps) {
  return (
    <div className={styles.edited}>
      <Fields>
        <Field
          label="Name of the season"
          maxLength={40}
          value={season.name}
          fault={faultOf('name')}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        <MonthDay label="From" value={season.from} onChange={(from) => onChange({ from })} />
        <MonthDay label="To, included" value={season.to} onChange={(to) => onChange({ to })} />
      </Fields>
      <div className={styles.pair}>
        <StepsEditor
          title="Weekdays"
          steps={season.weekday}
          fault={faultOf('weekday')}
          onChange={(weekday) => onChange({ weekday })}
        />
        <StepsEditor
          title="Weekends"
          steps={season.weekend}
          fault={faultOf('weekend')}
          onChange={(weekend) => onChange({ weekend })}
        />
      </div>
      <span>
        <Button size="compact-sm" onClick={onRemove}>
          Remove this season
        </Button>
      </span>
    </div>
  )
}

/** Longest each month can be. */
const monthLengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** A day of every year. */
function MonthDay({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const [month, day] = [Number(value.slice(0, 2)), Number(value.slice(3))]
  const two = (n: number) => String(n).padStart(2, '0')
  const lengthOf = (m: number) => monthLengths[m - 1] ?? 31
  return (
    <div className={styles.monthDay}>
      <Choice
        label={label}
        value={day}
        onChange={(event) => onChange(`${two(month)}-${two(Number(event.currentTarget.value))}`)}
      >
        {Array.from({ length: lengthOf(month) }, (_, i) => (
          <option key={monthNames[i] ?? i}>{i + 1}</option>
        ))}
      </Choice>
      <select
        className="rm-select"
        aria-label={`${label}: month`}
        value={month}
        onChange={(event) => {
          const next = Number(event.currentTarget.value)
          onChange(`${two(next)}-${two(Math.min(day, lengthOf(next)))}`)
        }}
      >
        {monthNames.map((name, i) => (
          <option key={name} value={i + 1}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}

interface ExceptionEditorProps {
  exception: DraftException
  span: Pick<Draft, 'validFrom' | 'validTo'>
  faultOf: (field: string) => string | undefined
  onChange: (change: Partial<DraftException>) => void
  onRemove: () => void
}

/** A single day with limits of its own. */
export function ExceptionEditor({ exception, span, faultOf, onChange, onRemove }: ExceptionEditorProps) {
  return (
    <div className={styles.edited}>
      <Fields>
        <Field
          label="Single day"
          type="date"
          min={span.validFrom}
          max={span.validTo}
          value={exception.day}
          fault={faultOf('day')}
          onChange={(event) => onChange({ day: event.currentTarget.value })}
        />
      </Fields>
      <StepsEditor
        title="On this day"
        steps={exception.steps}
        fault={faultOf('steps')}
        onChange={(steps) => onChange({ steps })}
      />
      <span>
        <Button size="compact-sm" onClick={onRemove}>
          Remove this day
        </Button>
      </span>
    </div>
  )
}

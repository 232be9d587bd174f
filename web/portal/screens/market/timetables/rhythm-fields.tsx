import { useId } from 'react'
import { Choice, Field } from '../../../../shared/components/fields.tsx'
import { exampleAsTyped, type TimetableDraft } from './draft.ts'

/** When instructions go out: a single window shortly ahead, or windows of a day. */
export function RhythmFields({
  draft,
  faultOf,
  onChange,
}: {
  draft: TimetableDraft
  faultOf: (field: string) => string | undefined
  onChange: (part: Partial<TimetableDraft>) => void
}) {
  const text = (field: 'periodMinutes' | 'aheadMinutes' | 'daysAhead' | 'graceSeconds') => ({
    value: draft[field],
    inputMode: 'numeric' as const,
    onChange: (event: { currentTarget: { value: string } }) => onChange({ [field]: event.currentTarget.value }),
  })
  return (
    <>
      <Choice
        label="Instructions"
        value={draft.kind}
        onChange={(event) => onChange({ kind: event.currentTarget.value as TimetableDraft['kind'] })}
      >
        <option value="single-window">Window by window, shortly ahead</option>
        <option value="windows">For windows of the day</option>
      </Choice>
      {draft.kind === 'single-window' ? (
        <>
          <Field label="Every" unit="min" {...text('periodMinutes')} fault={faultOf('rhythm.periodMinutes')} />
          <Field label="Ahead by" unit="min" {...text('aheadMinutes')} fault={faultOf('rhythm.aheadMinutes')} />
        </>
      ) : (
        <>
          <Windows
            value={draft.windows}
            fault={faultOf('rhythm.windows')}
            onChange={(windows) => onChange({ windows })}
          />
          <Field label="Days ahead" {...text('daysAhead')} fault={faultOf('rhythm.daysAhead')} />
        </>
      )}
      <Field label="Missed after" unit="s" {...text('graceSeconds')} fault={faultOf('graceSeconds')} />
    </>
  )
}

/** The windows, one a line, each with the time at which it goes out. */
function Windows({
  value,
  fault,
  onChange,
}: {
  value: string
  fault: string | undefined
  onChange: (value: string) => void
}) {
  const id = useId()
  return (
    <div style={{ display: 'grid', gap: 4 }}>
      <label htmlFor={id}>Windows, one per line</label>
      <textarea
        id={id}
        rows={4}
        value={value}
        aria-invalid={fault ? true : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {fault && <div role="alert">{fault}</div>}
      <span className="rm-secondary">Such as {exampleAsTyped}</span>
    </div>
  )
}

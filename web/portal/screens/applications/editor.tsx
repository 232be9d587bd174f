import { Button } from '@mantine/core'
import { type UseMutationResult, useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { ProfileApplication } from '../../../../schemas/profiles.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { previewQuery } from '../../grid-queries.ts'
import { type Draft, readDraft } from './draft.ts'
import styles from './editor.module.css'
import { Preview } from './preview.tsx'
import { StepsEditor } from './steps-editor.tsx'

interface EditorProps {
  initial: Draft
  saveLabel: string
  save: Pick<UseMutationResult<unknown, Error, ProfileApplication>, 'mutate' | 'isPending' | 'isError' | 'error'>
  /** What can be done about a failed save, beside trying again. */
  afterFailure?: ReactNode
}

/** Edits a profiled connection: when it holds, its limits by type of day as grid and chart, and what comes after it. */
export function ProfileEditor({ initial, saveLabel, save, afterFailure }: EditorProps) {
  const [draft, setDraft] = useState(initial)
  const [tried, setTried] = useState(false)
  const [day, setDay] = useState(initial.validFrom)
  const { application, faults } = readDraft(draft)
  const preview = useQuery({ ...previewQuery(application?.limits ?? null, day), enabled: application !== null })
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }))
  const fault = (field: string) => (tried ? faults.get(field) : undefined)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (application) save.mutate(application)
  }
  const kept = [
    draft.kept.seasons?.length ? `${draft.kept.seasons.length} seasons` : null,
    draft.kept.exceptions?.length ? `${draft.kept.exceptions.length} single days` : null,
  ].filter((part) => part !== null)
  return (
    <form onSubmit={onSubmit} noValidate className={styles.form}>
      <Section>
        <Fields>
          <Field
            label="First day"
            type="date"
            value={draft.validFrom}
            fault={fault('validFrom')}
            onChange={(event) => set({ validFrom: event.currentTarget.value })}
          />
          <Field
            label="Last day"
            type="date"
            value={draft.validTo}
            fault={fault('validTo')}
            onChange={(event) => set({ validTo: event.currentTarget.value })}
          />
          <Field
            label="Limit after expiry"
            inputMode="decimal"
            unit="kW"
            hint="Empty: the agreed supply capacity"
            value={draft.fallbackKw}
            fault={fault('fallbackLimitW')}
            onChange={(event) => set({ fallbackKw: event.currentTarget.value })}
          />
          <Field
            label="Note"
            maxLength={2_000}
            value={draft.note}
            fault={fault('note')}
            onChange={(event) => set({ note: event.currentTarget.value })}
          />
        </Fields>
      </Section>
      <Section title="Import limit by local time">
        <div className={styles.limits}>
          <StepsEditor
            title="Weekdays"
            steps={draft.weekday}
            fault={faults.get('weekday')}
            onChange={(weekday) => set({ weekday })}
          />
          <StepsEditor
            title="Weekends"
            steps={draft.weekend}
            fault={faults.get('weekend')}
            onChange={(weekend) => set({ weekend })}
          />
          <Preview query={preview} day={day} onDay={setDay} />
        </div>
        {kept.length > 0 && <p className="rm-secondary">Its {kept.join(' and ')} stay as they are.</p>}
      </Section>
      {save.isError && save.error && <ProblemNotice error={save.error} />}
      {save.isError && afterFailure}
      <span>
        <Button type="submit" variant="filled" loading={save.isPending}>
          {saveLabel}
        </Button>
      </span>
    </form>
  )
}

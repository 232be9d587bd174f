import { Button } from '@mantine/core'
import { type UseMutationResult, useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { ProfileApplication } from '../../../schemas/grid/profiles.ts'
import { Field, Fields } from '../components/fields.tsx'
import { Notice, ProblemNotice } from '../components/notice.tsx'
import { Section } from '../components/page.tsx'
import { count } from '../format/power.ts'
import { type DaySet, DaySets } from './day-sets.tsx'
import { type Draft, readDraft } from './draft.ts'
import styles from './editor.module.css'
import { Preview } from './preview.tsx'
import { previewQuery } from './preview-query.ts'
import { SetEditor } from './set-editor.tsx'

interface EditorProps {
  connectionId: string
  initial: Draft
  saveLabel: string
  save: Pick<UseMutationResult<unknown, Error, ProfileApplication>, 'mutate' | 'isPending' | 'isError' | 'error'>
  /** What stands in place of a failed save's problem, and what can be done about it, given what was typed. */
  failure?: ((typed: ProfileApplication) => ReactNode) | undefined
}

/** Edits a profiled connection: when it holds, its limits by type of day, season and single day as grid and chart, and what comes after it. */
export function ProfileEditor({ connectionId, initial, saveLabel, save, failure }: EditorProps) {
  const [draft, setDraft] = useState(initial)
  const [tried, setTried] = useState(false)
  const [chosen, setChosen] = useState<DaySet>({ kind: 'year' })
  const [day, setDay] = useState(initial.validFrom)
  const { application, faults } = readDraft(draft)
  const preview = useQuery(previewQuery(application?.limits ?? null, day, connectionId))
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }))
  const fault = (field: string) => (tried ? faults.get(field) : undefined)
  const choose = (next: DaySet) => {
    setChosen(next)
    const exception = next.kind === 'exception' ? draft.exceptions[next.index]?.day : undefined
    const seasonDay = next.kind === 'season' ? dayIn(draft, draft.seasons[next.index]?.from) : undefined
    const shown = exception ?? seasonDay
    if (shown) setDay(shown)
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (application) save.mutate(application)
  }
  return (
    <form onSubmit={onSubmit} noValidate className={styles.form}>
      <Section>
        <Terms draft={draft} fault={fault} set={set} />
      </Section>
      <Section title="Import limit by local time">
        <DaySets draft={draft} chosen={chosen} faults={tried ? faults : new Map()} onChoose={choose} onChange={set} />
        <div className={styles.limits}>
          <SetEditor
            draft={draft}
            chosen={chosen}
            faults={faults}
            onChange={(change) => {
              set(change)
              if (chosen.kind !== 'exception') return
              const moved = change.exceptions?.[chosen.index]?.day
              if (moved) setDay(moved)
            }}
            onRemoved={() => setChosen({ kind: 'year' })}
          />
          <Preview query={preview} day={day} span={{ from: draft.validFrom, to: draft.validTo }} onDay={setDay} />
        </div>
      </Section>
      {tried && faults.size > 0 && (
        <Notice tone="risk">{count(faults.size, 'field')} must be corrected before you can save this.</Notice>
      )}
      {save.isError && save.error && ((application && failure?.(application)) || <ProblemNotice error={save.error} />)}
      <span>
        <Button type="submit" variant="filled" loading={save.isPending}>
          {saveLabel}
        </Button>
      </span>
    </form>
  )
}

interface TermsProps {
  draft: Draft
  fault: (field: string) => string | undefined
  set: (change: Partial<Draft>) => void
}

/** When the profile holds, what follows its expiry, and a note. */
function Terms({ draft, fault, set }: TermsProps) {
  return (
    <div className={styles.terms}>
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
          hint="It expires after this day."
          onChange={(event) => set({ validTo: event.currentTarget.value })}
        />
      </Fields>
      <Fields>
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
    </div>
  )
}

/** The first day of a draft's validity that is a given day of the year. */
function dayIn({ validFrom, validTo }: Draft, monthDay: string | undefined): string | undefined {
  if (!monthDay) return undefined
  const years = [Number(validFrom.slice(0, 4)), Number(validFrom.slice(0, 4)) + 1]
  return years.map((year) => `${year}-${monthDay}`).find((day) => day >= validFrom && day <= validTo)
}

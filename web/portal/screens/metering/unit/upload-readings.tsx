import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import { operations } from '../../../../../schemas/operations.ts'
import {
  type MeterReadings,
  meterReadings,
  type meterReceipt,
  stamp,
} from '../../../../../schemas/settlement/metering.ts'
import { api } from '../../../../shared/api/client.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Section } from '../../../../shared/components/page.tsx'
import { count } from '../../../../shared/format/power.ts'

type Resolution = MeterReadings['resolution']
type Stamp = MeterReadings['stamp']
type Zone = 'stated' | 'Europe/London' | 'UTC'

const resolutionWords: Record<Resolution, string> = {
  PT1M: 'each minute',
  PT2M: 'each two minutes',
  PT15M: 'each quarter-hour',
  PT30M: 'each half-hour',
}
const stampWords: Record<Stamp, string> = {
  'period-start': 'the start of its period',
  'period-end': 'the end of its period',
}
const zoneWords: Record<Zone, string> = {
  stated: 'each time states its offset',
  'Europe/London': 'local time',
  UTC: 'UTC',
}
const zones = ['stated', 'Europe/London', 'UTC'] as const

interface UploadDraft {
  file: File | null
  meterId: string
  resolution: Resolution
  stamp: Stamp
  zone: Zone
  revision: string
}

/** What is wrong with a draft, by field. */
function faultsOf({ file, meterId, revision }: UploadDraft): { file?: string; meterId?: string; revision?: string } {
  return {
    ...(file === null && { file: 'Choose a file.' }),
    ...(meterId.trim() === '' && { meterId: 'Name the meter.' }),
    ...(!/^[1-9]\d{0,8}$/.test(revision.trim()) && { revision: 'Enter a whole number from 1 on.' }),
  }
}

/** Readings of a meter of the FU as a file, for who has no program that sends them. */
export function UploadReadings({ fuId }: { fuId: string }) {
  const [draft, setDraft] = useState<UploadDraft>({
    file: null,
    meterId: '',
    resolution: 'PT15M',
    stamp: 'period-start',
    zone: 'stated',
    revision: '1',
  })
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const upload = useMutation({
    mutationFn: ({ file, zone, meterId, revision, ...rest }: UploadDraft) => {
      const query = { ...rest, meterId: meterId.trim(), revision: Number(revision), ...(zone !== 'stated' && { zone }) }
      return api.call(operations.uploadReadingFile, { params: { id: fuId }, query, body: file ?? new Blob() })
    },
    onSuccess: () =>
      queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('settlement') ?? false }),
  })
  const faults = faultsOf(draft)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(faults).length === 0) upload.mutate(draft)
  }
  return (
    <Section title="Upload readings">
      <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 16 }}>
        <p style={{ margin: 0 }}>
          A CSV file of one meter: columns at and energy_wh (or power_w), and quality for what is not measured. If any
          row has an error, nothing is stored.
        </p>
        <UploadFields
          draft={draft}
          faults={tried ? faults : {}}
          set={(change) => {
            upload.reset()
            setDraft((before) => ({ ...before, ...change }))
          }}
        />
        {upload.isError && <ProblemNotice error={upload.error} />}
        {upload.data && <Receipt receipt={upload.data} />}
        <span>
          <Button type="submit" variant="filled" loading={upload.isPending}>
            Upload
          </Button>
        </span>
      </form>
    </Section>
  )
}

interface UploadFieldsProps {
  draft: UploadDraft
  faults: { file?: string; meterId?: string; revision?: string }
  set: (change: Partial<UploadDraft>) => void
}

function UploadFields({ draft, faults, set }: UploadFieldsProps) {
  return (
    <Fields>
      <Field
        label="File of readings"
        type="file"
        accept=".csv,text/csv"
        fault={faults.file}
        onChange={(event) => set({ file: event.currentTarget.files?.[0] ?? null })}
      />
      <Field
        label="Meter"
        maxLength={100}
        value={draft.meterId}
        fault={faults.meterId}
        onChange={(event) => set({ meterId: event.currentTarget.value })}
      />
      <WordChoice
        label="A reading"
        options={meterReadings.shape.resolution.options}
        words={resolutionWords}
        value={draft.resolution}
        onChange={(resolution) => set({ resolution })}
      />
      <WordChoice
        label="Its time is"
        options={stamp.options}
        words={stampWords}
        value={draft.stamp}
        onChange={(next) => set({ stamp: next })}
      />
      <WordChoice
        label="Times are in"
        options={zones}
        words={zoneWords}
        value={draft.zone}
        onChange={(zone) => set({ zone })}
      />
      <Field
        label="Revision"
        inputMode="numeric"
        hint="A correction of readings that were sent before needs a higher one."
        value={draft.revision}
        fault={faults.revision}
        onChange={(event) => set({ revision: event.currentTarget.value })}
      />
    </Fields>
  )
}

interface WordChoiceProps<T extends string> {
  label: string
  options: readonly T[]
  words: Readonly<Record<T, string>>
  value: T
  onChange: (value: T) => void
}

function WordChoice<T extends string>({ label, options, words, value, onChange }: WordChoiceProps<T>) {
  return (
    <Choice
      label={label}
      value={value}
      onChange={(event) => onChange(options.find((each) => each === event.currentTarget.value) ?? value)}
    >
      {options.map((each) => (
        <option key={each} value={each}>
          {words[each]}
        </option>
      ))}
    </Choice>
  )
}

function Receipt({ receipt }: { receipt: z.infer<typeof meterReceipt> }) {
  const { stored, unchanged, superseded, dropouts, holdId } = receipt
  if (holdId !== null)
    return (
      <Notice tone="doubt" title="Held for a decision">
        The readings look like a mistake of unit or sign. They are kept, and count once the DNO releases them.
      </Notice>
    )
  return (
    <Notice title={`${count(stored, 'reading')} stored, ${unchanged} unchanged`}>
      {superseded > 0 && `${count(superseded, 'reading')} of a lower revision replaced. `}
      {dropouts > 0 && `In ${count(dropouts, 'period')} a register fell and returned: they have no value.`}
    </Notice>
  )
}

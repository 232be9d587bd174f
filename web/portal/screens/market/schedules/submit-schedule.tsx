import { Button, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import {
  type ScheduleSubmission,
  type SubmissionKind,
  submissionKind,
} from '../../../../../schemas/market/submissions.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { Choice, Fields } from '../../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { count } from '../../../../shared/format/power.ts'
import { dayInWords } from '../../../../shared/format/time.ts'
import { submissionsQuery } from '../../../dispatch-queries.ts'
import { flexibleUnitsQuery } from '../../../queries.ts'
import { useRefusal } from '../../../session.ts'
import { type Resolution, readSubmission } from './submission-form.ts'
import { submissionWords } from './submission-words.ts'

/** Submits one schedule of one FU by hand: its values pasted, one for each period of the day. */
export function SubmitSchedule({ day }: { day: string }) {
  const [opened, setOpened] = useState(false)
  const refusal = useRefusal('flexibility-engineer', 'fsp-user')
  return (
    <>
      <span>
        <Button disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setOpened(true)}>
          Submit a schedule
        </Button>
      </span>
      <Modal opened={opened} onClose={() => setOpened(false)} title={`Schedule for ${dayInWords(day)}`} size={560}>
        <Form day={day} onDone={() => setOpened(false)} />
      </Modal>
    </>
  )
}

function Form({ day, onDone }: { day: string; onDone: () => void }) {
  const units = useQuery(flexibleUnitsQuery).data ?? []
  const submitted = useQuery(submissionsQuery(day)).data ?? []
  const [chosen, setChosen] = useState<string | null>(null)
  const [kind, setKind] = useState<SubmissionKind>('baseline')
  const [resolution, setResolution] = useState<Resolution>('PT30M')
  const [text, setText] = useState('')
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const fuId = chosen ?? units[0]?.fuId ?? ''
  const before = submitted.find((each) => each.fuId === fuId && each.kind === kind)
  const { submission, fault, periods } = readSubmission({ day, kind, resolution, text, before: before?.revision ?? 0 })
  const submit = useMutation({
    mutationFn: (body: ScheduleSubmission) =>
      api.call(operations.submitSchedule, { params: { fuId, day, kind }, body }),
    onSuccess: async () => {
      await queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('market') ?? false })
      onDone()
    },
  })
  const { unit } = submissionWords[kind]
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (submission) submit.mutate(submission)
  }
  return (
    <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 16 }}>
      <Fields>
        <Choice label="FU" value={fuId} onChange={(event) => setChosen(event.currentTarget.value)}>
          {units.map((each) => (
            <option key={each.fuId} value={each.fuId}>
              {each.name}
            </option>
          ))}
        </Choice>
        <KindFields kind={kind} onKind={setKind} resolution={resolution} onResolution={setResolution} />
      </Fields>
      <label style={{ display: 'grid', gap: 4 }}>
        <span>
          Values in {unit} from local midnight: {count(periods, 'value')}, or one for the whole day
        </span>
        <textarea
          className="rm-select"
          style={{ height: 140, padding: 8, resize: 'vertical' }}
          value={text}
          aria-invalid={tried && fault !== null ? true : undefined}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </label>
      {tried && fault && <Notice tone="fault">{fault}</Notice>}
      {before && (
        <span className="rm-secondary">Replaces revision {before.revision}, which stays if this one has errors.</span>
      )}
      {submit.isError && <ProblemNotice error={submit.error} />}
      <span>
        <Button type="submit" variant="filled" loading={submit.isPending} disabled={fuId === ''}>
          Submit revision {(before?.revision ?? 0) + 1}
        </Button>
      </span>
    </form>
  )
}

interface KindFieldsProps {
  kind: SubmissionKind
  onKind: (kind: SubmissionKind) => void
  resolution: Resolution
  onResolution: (resolution: Resolution) => void
}

function KindFields({ kind, onKind, resolution, onResolution }: KindFieldsProps) {
  return (
    <>
      <Choice
        label="Schedule"
        value={kind}
        onChange={(event) => onKind(submissionKind.parse(event.currentTarget.value))}
      >
        {submissionKind.options.map((each) => (
          <option key={each} value={each}>
            {submissionWords[each].word}
          </option>
        ))}
      </Choice>
      <Choice
        label="Periods"
        value={resolution}
        onChange={(event) => onResolution(event.currentTarget.value === 'PT15M' ? 'PT15M' : 'PT30M')}
      >
        <option value="PT30M">half-hours</option>
        <option value="PT15M">quarter-hours</option>
      </Choice>
    </>
  )
}

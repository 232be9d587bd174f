import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { refusalReason } from '../../../../schemas/dispatch/instructions.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { PanelPart } from '../../../shared/components/side-panel.tsx'
import { useRefusal } from '../../session.ts'
import styles from './confirmation.module.css'

const reasonWords: Record<(typeof refusalReason.options)[number], string> = {
  'unknown-unit': 'unknown FU',
  'outside-window': 'outside the contracted window',
  'out-of-service': 'out of service',
  'exceeds-availability': 'more than is available',
  expired: 'came too late',
  malformed: 'could not be read',
}

/** Records what an FSP answered by e-mail or telephone (FB08): from then on the instruction is like any other. */
export function Confirmation({ instructionId }: { instructionId: string }) {
  const [note, setNote] = useState('')
  const [answer, setAnswer] = useState<'accepted' | (typeof refusalReason.options)[number]>('accepted')
  const queries = useQueryClient()
  const refusal = useRefusal('flexibility-engineer')
  const confirm = useMutation({
    mutationFn: () =>
      api.call(operations.confirmInstruction, {
        params: { id: instructionId },
        body:
          answer === 'accepted'
            ? { outcome: 'accepted', note: note.trim() }
            : { outcome: 'refused', reason: answer, note: note.trim() },
      }),
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('dispatch') ?? false }),
  })
  return (
    <PanelPart title="Answer received another way">
      <select
        className="rm-select"
        aria-label="What the FSP answered"
        value={answer}
        onChange={(event) =>
          setAnswer(refusalReason.options.find((each) => each === event.currentTarget.value) ?? 'accepted')
        }
      >
        <option value="accepted">Accepted</option>
        {refusalReason.options.map((each) => (
          <option key={each} value={each}>
            Refused: {reasonWords[each]}
          </option>
        ))}
      </select>
      <span className={styles.row}>
        <input
          className="rm-select"
          aria-label="Who answered, and how"
          placeholder="Who answered, and how"
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button
          disabled={refusal !== null || note.trim().length < 3}
          title={refusal ?? undefined}
          loading={confirm.isPending}
          onClick={() => confirm.mutate()}
        >
          Record
        </Button>
      </span>
      {confirm.isError && <ProblemNotice error={confirm.error} />}
    </PanelPart>
  )
}

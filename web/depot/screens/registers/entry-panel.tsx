import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { fspOperations } from '../../../../schemas/fsp/operations.ts'
import type { RegisterName } from '../../../../schemas/fsp/registers/index.ts'
import { useToday } from '../../../shared/clock.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { dayAndTime } from '../../../shared/format/time.ts'
import { api } from '../../api.ts'
import { registerHistoryQuery } from '../../queries.ts'
import { type Entry, useRegisterRefusal } from './access.ts'
import { memberWords, registerWords, valueWords } from './words.ts'

interface EntryPanelProps {
  name: RegisterName
  entry: Entry
  onClose: () => void
  /** Opens the form that changes it. */
  onChange: () => void
}

/** One entry: what it says, how it came to say so, and the way to take it out of use. */
export function EntryPanel({ name, entry, onClose, onChange }: EntryPanelProps) {
  const refusal = useRegisterRefusal(name)
  const today = useToday()
  const history = useQuery(registerHistoryQuery(name, entry.key))
  return (
    <SidePanel title={entry.key} onClose={onClose}>
      <PanelFacts
        items={Object.entries(entry.data).map(([member, value]) => [memberWords(member), valueWords(value)] as const)}
      />
      <Button disabled={refusal !== null} title={refusal ?? undefined} onClick={onChange}>
        Change
      </Button>
      <PanelPart title="Versions">
        <Loaded query={history}>
          {(versions) => (
            <PanelFacts
              items={versions
                .toReversed()
                .map(
                  ({ version, validFrom, changedBy, reason, isRetired }) =>
                    [
                      `${version}, from ${dayAndTime(validFrom, today)}`,
                      `${isRetired ? 'out of use, ' : ''}${changedBy}${reason === null ? '' : `: ${reason}`}`,
                    ] as const,
                )}
            />
          )}
        </Loaded>
      </PanelPart>
      <Retire name={name} entry={entry} onDone={onClose} />
    </SidePanel>
  )
}

function Retire({ name, entry, onDone }: { name: RegisterName; entry: Entry; onDone: () => void }) {
  const queries = useQueryClient()
  const refusal = useRegisterRefusal(name)
  const [isAsked, setIsAsked] = useState(false)
  const [reason, setReason] = useState('')
  const retire = useMutation({
    mutationFn: () =>
      api.call(fspOperations.registers[name].retire as typeof fspOperations.registers.depots.retire, {
        params: { key: entry.key },
        body: { reason },
        version: entry.version,
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['register', name] })
      onDone()
    },
  })
  if (!isAsked)
    return (
      <Button disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setIsAsked(true)}>
        Take out of use
      </Button>
    )
  return (
    <PanelPart title="Take out of use">
      <Fields>
        <Field label="Reason" value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      </Fields>
      <TwoStep
        label="Take out of use"
        refusal={reason.trim() === '' ? 'State the reason first.' : refusal}
        consequence={`${entry.key} is no longer in use in the register “${registerWords[name].name}”. Its versions stay readable.`}
        action={retire}
      />
    </PanelPart>
  )
}

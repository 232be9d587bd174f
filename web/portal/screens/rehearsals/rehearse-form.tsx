import { Button, Checkbox } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import { type newRehearsal, scenario } from '../../../../schemas/dispatch/rehearsals.ts'
import { operations } from '../../../../schemas/operations.ts'
import type { Direction } from '../../../../schemas/vocabulary/units.ts'
import { api } from '../../../shared/api/client.ts'
import { useToday } from '../../../shared/clock.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { day } from '../../../shared/search.ts'
import { rehearsalsQuery } from '../../dispatch-queries.ts'
import { useRefusal } from '../../session.ts'
import { DirectionOptions } from '../market/direction-options.tsx'
import styles from './rehearsals.module.css'
import { scenarioWords } from './words.ts'

/** What is rehearsed, and the button that does it: nothing is sent. */
export function RehearseForm({ pseudoNetworkId }: { pseudoNetworkId: string }) {
  const refusal = useRefusal('flexibility-engineer')
  const queries = useQueryClient()
  const navigate = useNavigate({ from: '/rehearsals/$pseudoNetworkId' })
  const today = useToday()
  const [draft, setDraft] = useState<RehearsalDraft>({
    tradingDay: today,
    scenario: 'evening',
    direction: 'turn-down',
    isFull: false,
    needKw: '',
  })
  const [tried, setTried] = useState(false)
  const set = (change: Partial<RehearsalDraft>) => setDraft((before) => ({ ...before, ...change }))
  const rehearse = useMutation({
    mutationFn: (body: z.input<typeof newRehearsal>) =>
      api.call(operations.rehearse, { params: { id: pseudoNetworkId }, body }),
    async onSuccess({ rehearsalId }) {
      await queries.invalidateQueries({ queryKey: rehearsalsQuery(pseudoNetworkId).queryKey })
      await navigate({ search: { rehearsal: rehearsalId } })
    },
  })
  const faults = faultsOfDraft(draft)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (faults.tradingDay || faults.needKw) return
    const { tradingDay, direction, isFull, needKw } = draft
    const needW = isFull ? null : Number(needKw) * 1_000
    rehearse.mutate({ tradingDay, scenario: draft.scenario, direction, needW })
  }
  return (
    <Section title="Rehearse">
      <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 16 }}>
        <RehearsalFields draft={draft} faults={tried ? faults : {}} set={set} />
        {rehearse.isError && <ProblemNotice error={rehearse.error} />}
        <span>
          <Button
            type="submit"
            variant="filled"
            loading={rehearse.isPending}
            disabled={refusal !== null}
            title={refusal ?? undefined}
          >
            Rehearse
          </Button>{' '}
          <span className="rm-secondary">
            {refusal ?? 'Nothing is sent. Every FU takes part with what it offers, contracted or not.'}
          </span>
        </span>
      </form>
    </Section>
  )
}

interface RehearsalDraft {
  tradingDay: string
  scenario: (typeof scenario.options)[number]
  direction: Direction
  isFull: boolean
  needKw: string
}

/** What is wrong with a draft, by field. */
function faultsOfDraft({ tradingDay, isFull, needKw }: RehearsalDraft): { tradingDay?: string; needKw?: string } {
  const need = needKw.trim() === '' ? Number.NaN : Number(needKw)
  const isNeed = isFull || (need > 0 && need <= 1e6)
  return {
    ...(day(tradingDay) === undefined && { tradingDay: 'Choose a day.' }),
    ...(!isNeed && { needKw: 'Enter a power in kW, more than 0 and at most 1,000,000.' }),
  }
}

interface RehearsalFieldsProps {
  draft: RehearsalDraft
  faults: { tradingDay?: string; needKw?: string }
  set: (change: Partial<RehearsalDraft>) => void
}

function RehearsalFields({ draft, faults, set }: RehearsalFieldsProps) {
  return (
    <Fields>
      <Field
        label="Day"
        type="date"
        value={draft.tradingDay}
        fault={faults.tradingDay}
        onChange={(event) => set({ tradingDay: event.currentTarget.value })}
      />
      <Choice
        label="Scenario"
        value={draft.scenario}
        onChange={(event) =>
          set({ scenario: scenario.options.find((each) => each === event.currentTarget.value) ?? 'evening' })
        }
      >
        {scenario.options.map((each) => (
          <option key={each} value={each}>
            {scenarioWords[each]}
          </option>
        ))}
      </Choice>
      <Choice
        label="Direction"
        value={draft.direction}
        onChange={(event) => set({ direction: event.currentTarget.value === 'turn-up' ? 'turn-up' : 'turn-down' })}
      >
        <DirectionOptions />
      </Choice>
      <Checkbox
        className={styles.check}
        label="Every FU at once, at full capacity"
        checked={draft.isFull}
        onChange={(event) => set({ isFull: event.currentTarget.checked })}
      />
      {!draft.isFull && (
        <Field
          label="Need at each topmost node"
          inputMode="decimal"
          unit="kW"
          value={draft.needKw}
          fault={faults.needKw}
          onChange={(event) => set({ needKw: event.currentTarget.value })}
        />
      )}
    </Fields>
  )
}

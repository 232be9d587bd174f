import { Button, Checkbox } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { NewDemandTender } from '../../../../../schemas/market/tenders.ts'
import { operations } from '../../../../../schemas/operations.ts'
import type { DemandRun } from '../../../../../schemas/planning/demand-runs.ts'
import { api } from '../../../../shared/api/client.ts'
import { useToday } from '../../../../shared/clock.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../../shared/components/page.tsx'
import { faultsOf } from '../../../../shared/form-faults.ts'
import { tendersQuery, usePaysAvailability } from '../../../market-queries.ts'
import { useRefusal } from '../../../session.ts'
import { ProductOptions } from '../../market/product-options.tsx'
import { readFigure } from '../figures.ts'
import styles from '../planning.module.css'
import { seasonWords } from '../requirement-words.ts'
import { type CostDraft, costFigures } from './requirement-draft.ts'
import { firstTender, gateOf, type TenderDraft, tenderFaults } from './tender-draft.ts'
import type { NodeYears } from './year-lines.ts'

interface DraftTenderProps {
  run: DemandRun
  node: NodeYears
  season: NewDemandTender['season']
  year: number
  costs: CostDraft
}

/** Drafts the tender of a season: its zone, windows and W are what the node needs, its ceilings the prices that it is costed by. */
export function DraftTender({ run, node, season, year, costs }: DraftTenderProps) {
  const today = useToday()
  const refusal = useRefusal('flexibility-engineer')
  const [isOpen, setIsOpen] = useState(false)
  const [draft, setDraft] = useState(() => firstTender(node.name, season, year, today))
  const [tried, setTried] = useState(false)
  const paysAvailability = usePaysAvailability(draft.product)
  const save = useSave()
  const faults = tenderFaults(draft, run.isSynthetic)
  const refused = faultsOf(save.isError, { success: true }, save.error)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(faults).length > 0) return
    save.mutate(bodyOf({ run, node, season, year, costs }, draft, paysAvailability))
  }
  const title = `Tender for ${season} ${year}`
  if (!isOpen)
    return (
      <Section title={title}>
        <Button disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setIsOpen(true)}>
          Draft a tender for {season} {year}
        </Button>
        {refusal && <p className="rm-secondary">{refusal}</p>}
      </Section>
    )
  return (
    <Section title={title}>
      <form className={styles.form} onSubmit={onSubmit} noValidate>
        <Stack>
          <p>
            Zone, windows and power are those above for {seasonWords[season].toLowerCase()}; at most £
            {paysAvailability ? costs.availabilityGbpPerMwH : '0'} per MW per h of availability and £
            {costs.utilisationGbpPerMwh} per MWh are paid. The tender keeps this working. FSPs see nothing of it until
            it is published.
          </p>
          <TenderFields
            draft={draft}
            set={(change) => setDraft((before) => ({ ...before, ...change }))}
            fault={(field) => (tried ? faults[field] : undefined) ?? refused(field)}
            isSynthetic={run.isSynthetic}
          />
          {save.isError && <ProblemNotice error={save.error} />}
        </Stack>
        <span>
          <Button type="submit" variant="filled" loading={save.isPending}>
            Save the draft
          </Button>
        </span>
      </form>
    </Section>
  )
}

function useSave() {
  const queries = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: (body: NewDemandTender) => api.call(operations.draftDemandTender, { body }),
    onSuccess: ({ tenderId }) => {
      void queries.invalidateQueries({ queryKey: tendersQuery.queryKey })
      void navigate({ to: '/market/tenders/$tenderId', params: { tenderId } })
    },
  })
}

function bodyOf(
  { run, node, season, year, costs }: DraftTenderProps,
  draft: TenderDraft,
  paysAvailability: boolean,
): NewDemandTender {
  const figure = (name: keyof CostDraft) => readFigure(costs[name], costFigures[name]) ?? 0
  return {
    runId: run.runId,
    nodeId: node.nodeId,
    year,
    season,
    allowSynthetic: draft.isDemonstration,
    reinforcement: {
      reinforcementGbp: figure('reinforcementGbp'),
      lifeYears: figure('lifeYears'),
      discountRate: figure('discountRate'),
    },
    title: draft.title.trim(),
    product: draft.product,
    validFrom: draft.validFrom,
    validTo: draft.validTo,
    ceilingAvailabilityGbpPerMwH: paysAvailability ? costs.availabilityGbpPerMwH.trim() : '0',
    ceilingUtilisationGbpPerMwh: costs.utilisationGbpPerMwh.trim(),
    gateClosesAt: gateOf(draft),
  }
}

interface TenderFieldsProps {
  draft: TenderDraft
  set: (change: Partial<TenderDraft>) => void
  fault: (field: keyof TenderDraft) => string | undefined
  isSynthetic: boolean
}

function TenderFields({ draft, set, fault, isSynthetic }: TenderFieldsProps) {
  const text = (field: Exclude<keyof TenderDraft, 'isDemonstration'>) => ({
    value: draft[field],
    fault: fault(field),
    onChange: (event: { currentTarget: { value: string } }) => set({ [field]: event.currentTarget.value }),
  })
  return (
    <Fields>
      <Field label="Title" {...text('title')} />
      <Choice label="Product" {...text('product')}>
        <ProductOptions />
      </Choice>
      <Field label="First day of service" type="date" {...text('validFrom')} />
      <Field label="Last day of service" type="date" {...text('validTo')} />
      <Field label="Responses until" type="datetime-local" hint="Local time" {...text('gateClosesAt')} />
      {isSynthetic && (
        <Checkbox
          label="This tender is for a trial or a demonstration: its run rests on made-up data"
          checked={draft.isDemonstration}
          error={fault('isDemonstration')}
          onChange={({ currentTarget: { checked } }) => set({ isDemonstration: checked })}
        />
      )}
    </Fields>
  )
}

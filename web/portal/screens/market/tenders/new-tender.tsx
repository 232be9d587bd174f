import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { type NewTender as NewTenderForm, newTender } from '../../../../../schemas/market/tenders.ts'
import { operations } from '../../../../../schemas/operations.ts'
import type { Direction } from '../../../../../schemas/vocabulary/units.ts'
import { api } from '../../../../shared/api/client.ts'
import { useToday } from '../../../../shared/clock.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { addDays, instantOfLocal } from '../../../../shared/format/time.ts'
import { tendersQuery, usePaysAvailability } from '../../../market-queries.ts'
import { NodeField } from '../../network/node-field.tsx'
import { DirectionOptions } from '../direction-options.tsx'
import { ProductOptions } from '../product-options.tsx'
import { SuggestedWindows } from './suggested-requirement.tsx'
import { type DraftWindow, draftWindow, WindowsEditor } from './windows-editor.tsx'

const turnUpHint = 'Turn-up is more import or less export.'

interface Draft {
  title: string
  product: string
  direction: Direction
  zoneNodeId: string
  validFrom: string
  validTo: string
  ceilingAvailabilityGbpPerMwH: string
  ceilingUtilisationGbpPerMwh: string
  /** Share of the windows in which use is expected, %; empty for the usual one. */
  expectedUse: string
  /** Local time, as its field gives it. */
  gateClosesAt: string
  windows: DraftWindow[]
}

/** The draft as the API takes it, or what is wrong by field. */
function readDraft({ expectedUse, ...draft }: Draft): { given: NewTenderForm | null; faults: Map<string, string> } {
  const given = {
    ...draft,
    ...(expectedUse === '' ? {} : { expectedUtilisationShare: Number(expectedUse) / 100 }),
    gateClosesAt: draft.gateClosesAt === '' ? '' : instantOfLocal(draft.gateClosesAt),
    windows: draft.windows.map(({ key: _, requiredKw, ...window }) => ({
      ...window,
      requiredW: requiredKw === '' ? Number.NaN : Number(requiredKw) * 1_000,
    })),
  }
  const parsed = newTender.safeParse(given)
  const issues = parsed.success ? [] : parsed.error.issues
  return {
    given: parsed.success ? parsed.data : null,
    faults: new Map(issues.map((issue) => [issue.path.join('.'), issue.message])),
  }
}

/** A tender for the quarter that begins in a week. */
function newDraft(today: string): Draft {
  return {
    title: '',
    product: 'A',
    direction: 'turn-down',
    zoneNodeId: '',
    validFrom: addDays(today, 7),
    validTo: addDays(today, 97),
    ceilingAvailabilityGbpPerMwH: '',
    ceilingUtilisationGbpPerMwh: '',
    expectedUse: '',
    gateClosesAt: `${addDays(today, 5)}T17:00`,
    windows: [draftWindow()],
  }
}

/** Drafts a tender; FSPs see nothing of it until it is published. */
export function NewTender() {
  const today = useToday()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [tried, setTried] = useState(false)
  const [draft, setDraft] = useState(() => newDraft(today))
  const paysAvailability = usePaysAvailability(draft.product)
  const { given, faults } = readDraft(paysAvailability ? draft : { ...draft, ceilingAvailabilityGbpPerMwH: '0' })
  const save = useMutation({
    mutationFn: (body: NewTenderForm) => api.call(operations.draftTender, { body }),
    onSuccess: ({ tenderId }) => {
      void queries.invalidateQueries({ queryKey: tendersQuery.queryKey })
      void navigate({ to: '/market/tenders/$tenderId', params: { tenderId } })
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (given) save.mutate(given)
  }
  const fault = (field: string) => (tried ? faults.get(field) : undefined)
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }))
  const text: TextField = (field) => ({
    value: draft[field],
    fault: fault(field),
    onChange: (event) => set({ [field]: event.currentTarget.value }),
  })
  return (
    <Page title="Draft a tender" actions={<LinkButton to="/market">All tenders</LinkButton>}>
      <form onSubmit={onSubmit} noValidate>
        <Section>
          <TenderFields draft={draft} set={set} text={text} fault={fault} paysAvailability={paysAvailability} />
        </Section>
        <div style={{ height: 16 }} />
        <SuggestedWindows
          asked={draft}
          onUse={(windows) => set({ windows: windows.map((window) => draftWindow(window)) })}
        />
        <div style={{ height: 16 }} />
        <Section title="Windows">
          <WindowsEditor
            windows={draft.windows}
            faultOf={(i) => (tried ? windowFault(faults, i) : null)}
            onChange={(windows) => set({ windows })}
          />
        </Section>
        <div style={{ height: 16 }} />
        {save.isError && <ProblemNotice error={save.error} />}
        <Button type="submit" variant="filled" loading={save.isPending}>
          Save the draft
        </Button>
      </form>
    </Page>
  )
}

/** Value, fault and change of a field that is text, for its input. */
type TextField = (field: Exclude<keyof Draft, 'windows'>) => {
  value: string
  fault: string | undefined
  onChange: (event: { currentTarget: { value: string } }) => void
}

interface TenderFieldsProps {
  draft: Draft
  set: (change: Partial<Draft>) => void
  text: TextField
  fault: (field: string) => string | undefined
  paysAvailability: boolean
}

function TenderFields({ draft, set, text, fault, paysAvailability }: TenderFieldsProps) {
  return (
    <Fields>
      <Field label="Title" {...text('title')} />
      <Choice label="Product" {...text('product')}>
        <ProductOptions />
      </Choice>
      <Choice label="Direction" hint={turnUpHint} {...text('direction')}>
        <DirectionOptions />
      </Choice>
      <NodeField
        label="Zone"
        hint="FUs behind this node may respond."
        value={draft.zoneNodeId}
        fault={fault('zoneNodeId')}
        onChange={(zoneNodeId) => set({ zoneNodeId })}
      />
      <Field label="First day of service" type="date" {...text('validFrom')} />
      <Field label="Last day of service" type="date" {...text('validTo')} />
      <Field label="Responses until" type="datetime-local" hint="Local time" {...text('gateClosesAt')} />
      {paysAvailability && (
        <Field
          label="Availability at most"
          inputMode="decimal"
          unit="£ per MW per h"
          {...text('ceilingAvailabilityGbpPerMwH')}
        />
      )}
      <Field
        label="Utilisation at most"
        inputMode="decimal"
        unit="£ per MWh"
        {...text('ceilingUtilisationGbpPerMwh')}
      />
      <Field
        label="Expected use"
        inputMode="decimal"
        unit="% of the windows"
        hint="Offers are compared with utilisation for this share. Leave it empty for the default."
        {...text('expectedUse')}
        fault={fault('expectedUtilisationShare')}
      />
    </Fields>
  )
}

/** What is wrong with the i-th window, whichever of its fields it is. */
function windowFault(faults: ReadonlyMap<string, string>, i: number): string | null {
  for (const [path, message] of faults) if (path.startsWith(`windows.${i}.`)) return `${path.split('.')[2]} ${message}`
  return null
}

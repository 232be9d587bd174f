import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import { authorityApplication } from '../../../../../schemas/market/authorities.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { useToday } from '../../../../shared/clock.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { wordsIn } from '../../../../shared/typed-lists.ts'
import { giverWords } from './words.ts'

type Application = z.input<typeof authorityApplication>

const givers = ['customer-letter', 'own-connection', 'dno-approval'] as const satisfies Application['givenBy'][]

/** An application as its form holds it; the MPANs as one text. */
type Draft = Record<'mpans' | 'from' | 'until' | 'reference', string> & Pick<Application, 'givenBy'>

function applicationOf({ mpans, until, ...rest }: Draft): Application {
  return { ...rest, mpans: wordsIn(mpans), ...(until === '' ? {} : { until }) }
}

/** An FSP’s application for authority over MPANs. */
export function NewAuthority() {
  const from = useToday()
  const [draft, setDraft] = useState<Draft>({ mpans: '', from, until: '', givenBy: 'customer-letter', reference: '' })
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const navigate = useNavigate()
  const apply = useMutation({
    mutationFn: (body: Application) => api.call(operations.applyForAuthorities, { body }),
    onSuccess: async () => {
      await queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('market') ?? false })
      await navigate({ to: '/market/authorities' })
    },
  })
  const parsed = authorityApplication.safeParse(applicationOf(draft))
  const fault = (field: string) =>
    tried ? parsed.error?.issues.find((issue) => issue.path[0] === field)?.message : undefined
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (parsed.success) apply.mutate(parsed.data)
  }
  return (
    <Page title="Apply for MPANs" subtitle="The DNO decides whether you may act for these meter points.">
      <Section>
        <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 16 }}>
          <AuthorityFields draft={draft} fault={fault} set={(change) => setDraft({ ...draft, ...change })} />
          {apply.isError && <ProblemNotice error={apply.error} />}
          <span>
            <Button type="submit" variant="filled" loading={apply.isPending}>
              Apply
            </Button>
          </span>
        </form>
      </Section>
    </Page>
  )
}

interface AuthorityFieldsProps {
  draft: Draft
  fault: (field: string) => string | undefined
  set: (change: Partial<Draft>) => void
}

function AuthorityFields({ draft, fault, set }: AuthorityFieldsProps) {
  return (
    <Fields>
      <Field
        label="MPANs"
        hint="One or more, 13 digits each."
        fault={fault('mpans')}
        value={draft.mpans}
        onChange={(event) => set({ mpans: event.currentTarget.value })}
      />
      <Field
        label="From"
        type="date"
        hint="The first day whose meter data you may read and upload."
        fault={fault('from')}
        value={draft.from}
        onChange={(event) => set({ from: event.currentTarget.value })}
      />
      <Field
        label="Ends before"
        type="date"
        hint="Optional."
        fault={fault('until')}
        value={draft.until}
        onChange={(event) => set({ until: event.currentTarget.value })}
      />
      <Choice
        label="Given by"
        value={draft.givenBy}
        onChange={(event) => set({ givenBy: event.currentTarget.value as Application['givenBy'] })}
      >
        {givers.map((giver) => (
          <option key={giver} value={giver}>
            {giverWords[giver]}
          </option>
        ))}
      </Choice>
      <Field
        label="Evidence"
        hint="How the DNO can identify it: date and number of the letter."
        fault={fault('reference')}
        maxLength={500}
        value={draft.reference}
        onChange={(event) => set({ reference: event.currentTarget.value })}
      />
    </Fields>
  )
}

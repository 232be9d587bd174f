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
import { giverWords } from './words.ts'

type Application = z.input<typeof authorityApplication>

const givers = ['customer-letter', 'own-connection', 'dno-approval'] as const satisfies Application['givenBy'][]

/** An FSP’s application for authority over MPANs. */
export function NewAuthority() {
  const [mpans, setMpans] = useState('')
  const [from, setFrom] = useState(useToday())
  const [until, setUntil] = useState('')
  const [givenBy, setGivenBy] = useState<Application['givenBy']>('customer-letter')
  const [reference, setReference] = useState('')
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
  const listed = mpans.split(/[\s,;]+/).filter((each) => each !== '')
  const given = { mpans: listed, from, givenBy, reference, ...(until === '' ? {} : { until }) }
  const parsed = authorityApplication.safeParse(given)
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
          <Fields>
            <Field
              label="MPANs"
              hint="One or more, 13 digits each."
              fault={fault('mpans')}
              value={mpans}
              onChange={(event) => setMpans(event.currentTarget.value)}
            />
            <Field
              label="From"
              type="date"
              hint="The first day whose meter data you may read and upload."
              fault={fault('from')}
              value={from}
              onChange={(event) => setFrom(event.currentTarget.value)}
            />
            <Field
              label="Ends before"
              type="date"
              hint="Optional."
              fault={fault('until')}
              value={until}
              onChange={(event) => setUntil(event.currentTarget.value)}
            />
            <Choice
              label="Given by"
              value={givenBy}
              onChange={(event) => setGivenBy(event.currentTarget.value as Application['givenBy'])}
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
              value={reference}
              onChange={(event) => setReference(event.currentTarget.value)}
            />
          </Fields>
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

import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { OwnSitePage, SiteConsent } from '../../../../schemas/market/customers.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { Nothing } from '../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../shared/components/page.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { faultsOf } from '../../../shared/form-faults.ts'
import { dayAndTime, dayInWords } from '../../../shared/format/time.ts'
import { siteQuery } from '../../queries.ts'
import styles from './consents.module.css'

/** Which FSPs read the profile of the site: given and revoked here. */
export function Consents({ site }: { site: OwnSitePage }) {
  return (
    <Section title="Who can read your profile">
      <Stack>
        <p>
          A company that controls charging at your site, a flexibility service provider (FSP), can read its limits only
          while you allow it.
        </p>
        {site.consents.length === 0 && <Nothing>No FSP can read it.</Nothing>}
        <ul className={styles.list}>
          {site.consents.map((consent) => (
            <li key={consent.consentId}>
              <span>{inWords(consent)}</span>
              {consent.holds && <Revoke consent={consent} />}
            </li>
          ))}
        </ul>
        <Give site={site} />
      </Stack>
    </Section>
  )
}

function inWords({ fspName, givenAt, until, revokedAt }: SiteConsent): string {
  const end = revokedAt ? `, revoked ${dayAndTime(revokedAt)}` : until ? `, until ${dayInWords(until)}` : ''
  return `${fspName}, since ${dayAndTime(givenAt)}${end}`
}

function useConsentChange<T>(connectionId: string, change: (given: T) => Promise<unknown>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: siteQuery(connectionId).queryKey }),
  })
}

function Revoke({ consent: { consentId, connectionId, fspName } }: { consent: SiteConsent }) {
  const revoke = useConsentChange<void>(connectionId, () =>
    api.call(operations.revokeSiteConsent, { params: { id: consentId } }),
  )
  return (
    <TwoStep label="Revoke" refusal={null} action={revoke} consequence={`${fspName} can no longer read the profile.`} />
  )
}

function Give({ site: { connectionId, fsps, consents } }: { site: OwnSitePage }) {
  const [chosen, setChosen] = useState('')
  const [until, setUntil] = useState('')
  const queries = useQueryClient()
  const give = useConsentChange<string>(connectionId, (fspId) =>
    api.call(operations.giveSiteConsent, {
      params: { id: connectionId },
      body: { fspId, until: until === '' ? null : until },
    }),
  )
  const fault = faultsOf(give.isError, { success: true }, give.error)
  const open = fsps.filter(({ fspId }) => !consents.some((one) => one.holds && one.fspId === fspId))
  if (open.length === 0) return null
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (chosen) give.mutate(chosen)
  }
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <Fields>
        <Choice
          label="FSP with assets at this site"
          value={chosen}
          onChange={({ currentTarget: { value } }) => setChosen(value)}
        >
          <option value="">Choose</option>
          {open.map(({ fspId, name }) => (
            <option key={fspId} value={fspId}>
              {name}
            </option>
          ))}
        </Choice>
        <Field
          label="Last day"
          type="date"
          hint="Without one, it holds until you revoke it."
          value={until}
          fault={fault('until')}
          onChange={({ currentTarget: { value } }) => setUntil(value)}
        />
      </Fields>
      {give.isError && (
        <SaveProblem
          error={give.error}
          fields={['until']}
          onReload={() => void queries.invalidateQueries({ queryKey: siteQuery(connectionId).queryKey })}
        />
      )}
      <span>
        <Button type="submit" disabled={chosen === ''} loading={give.isPending}>
          Allow it to read the profile
        </Button>
      </span>
    </form>
  )
}
